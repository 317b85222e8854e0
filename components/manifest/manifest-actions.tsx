'use client'

import { useState } from 'react'
import { destinationOf, type ManifestTarget } from '@/components/change/manifest-target'
import { DownloadMenu } from '@/components/download/download-menu'
import type { DownloadTarget } from '@/components/download/download-target'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'
import { useRefusal } from '@/components/ui/refusal'
import { RefusedButton } from '@/components/ui/refused-button'
import { type ManifestAction, manifestActions } from './manifest-action'
import { MoreActions } from './more-actions'

const CheckDialog = onDemand(() => import('./check-dialog').then((module) => module.CheckDialog))
const CopyDialog = onDemand(() => import('@/components/copy/copy-dialog').then((module) => module.CopyDialog))
const RetagDialog = onDemand(() => import('@/components/change/retag-dialog').then((module) => module.RetagDialog))
const DeleteDialog = onDemand(() => import('@/components/change/delete-dialog').then((module) => module.DeleteDialog))

interface ManifestActionsProps {
  target: ManifestTarget
  /** Absent where the visitor may not download. */
  download: DownloadTarget | undefined
}

/** What can be done with a manifest: buttons, and one menu of all of them in a narrow container. */
export function ManifestActions({ target, download }: ManifestActionsProps) {
  const [dialog, setDialog] = useState<ManifestAction['dialog']>()
  const close = () => setDialog(undefined)
  const actions = manifestActions(target, useRefusal())
  return (
    <>
      <div className="hidden gap-2 @3xl:flex">
        {download && <DownloadMenu target={download} />}
        {actions.map((action) => (
          <ActionButton key={action.dialog} action={action} onOpen={setDialog} />
        ))}
      </div>
      <div className="@3xl:hidden">
        <MoreActions actions={actions} download={download} onOpen={setDialog} />
      </div>
      {dialog === 'check' && <CheckDialog target={target} onClose={close} />}
      {dialog === 'copy' && <CopyDialog source={target} proposal={destinationOf(target)} onClose={close} />}
      {dialog === 'retag' && <RetagDialog target={target} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog target={target} onClose={close} />}
    </>
  )
}

interface ActionButtonProps {
  action: ManifestAction
  onOpen: (dialog: ManifestAction['dialog']) => void
}

function ActionButton({ action: { dialog, label, icon: Icon, isDangerous, palette, why }, onOpen }: ActionButtonProps) {
  const variant = isDangerous ? 'danger-outline' : 'secondary'
  const content = (
    <>
      <Icon aria-hidden />
      {label}
    </>
  )
  return why ? (
    <RefusedButton variant={variant} why={why}>
      {content}
    </RefusedButton>
  ) : (
    <Button variant={variant} data-palette={palette} onClick={() => onOpen(dialog)}>
      {content}
    </Button>
  )
}
