'use client'

import { Copy, Tag, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'
import { RefusedButton } from '@/components/ui/refused-button'
import { notYours } from '@/lib/problem/access-problem'
import { isDigestSelector } from '@/lib/routes/selector'
import { type ChangeTarget, destinationOf } from './change-target'

const RetagDialog = onDemand(() => import('./retag-dialog').then((module) => module.RetagDialog))
const CopyDialog = onDemand(() => import('@/components/copy/copy-dialog').then((module) => module.CopyDialog))
const DeleteDialog = onDemand(() => import('./delete-dialog').then((module) => module.DeleteDialog))

export function ManifestActions({ target }: { target: ChangeTarget }) {
  const [dialog, setDialog] = useState<'copy' | 'retag' | 'delete'>()
  const close = () => setDialog(undefined)
  const name = isDigestSelector(target.selector) ? 'this image' : target.selector
  return (
    <>
      {target.may.copy && (
        <Button data-palette={`Copy ${name} to…`} onClick={() => setDialog('copy')}>
          <Copy aria-hidden />
          Copy to
        </Button>
      )}
      {target.may.retag ? (
        <Button data-palette={`Retag ${name}…`} onClick={() => setDialog('retag')}>
          <Tag aria-hidden />
          Retag
        </Button>
      ) : (
        target.may.delete && (
          <RefusedButton why={notYours('retagging')}>
            <Tag aria-hidden />
            Retag
          </RefusedButton>
        )
      )}
      {target.may.delete ? (
        <Button variant="danger-outline" data-palette={`Delete ${name}…`} onClick={() => setDialog('delete')}>
          <Trash2 aria-hidden />
          Delete
        </Button>
      ) : (
        target.may.retag && (
          <RefusedButton variant="danger-outline" why={notYours('deleting')}>
            <Trash2 aria-hidden />
            Delete
          </RefusedButton>
        )
      )}
      {dialog === 'copy' && <CopyDialog source={target} proposal={destinationOf(target)} onClose={close} />}
      {dialog === 'retag' && <RetagDialog target={target} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog target={target} onClose={close} />}
    </>
  )
}
