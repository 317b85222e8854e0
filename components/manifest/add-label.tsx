'use client'

import { Plus } from 'lucide-react'
import { useState } from 'react'
import { onDemand } from '@/components/ui/on-demand'
import { ChangeButton } from '@/components/ui/refusal'
import type { AddLabelProps } from './add-label-props'

const AddLabelDialog = onDemand(() => import('./add-label-dialog').then((module) => module.AddLabelDialog))

export function AddLabel(props: AddLabelProps) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <ChangeButton size="sm" data-palette="Add label…" onClick={() => setIsOpen(true)}>
        <Plus aria-hidden />
        Add label
      </ChangeButton>
      {isOpen && <AddLabelDialog {...props} onClose={() => setIsOpen(false)} />}
    </>
  )
}
