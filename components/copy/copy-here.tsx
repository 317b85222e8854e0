'use client'

import { CopyPlus } from 'lucide-react'
import { useState } from 'react'
import { onDemand } from '@/components/ui/on-demand'
import { ChangeButton } from '@/components/ui/refusal'

const CopyHereDialog = onDemand(() => import('./copy-here-dialog').then((module) => module.CopyHereDialog))

/** Copies an image into this repository from elsewhere. */
export function CopyHere({ registry, repository }: { registry: string; repository: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <ChangeButton size="sm" onClick={() => setOpen(true)}>
        <CopyPlus aria-hidden />
        Copy image here
      </ChangeButton>
      {open && <CopyHereDialog registry={registry} repository={repository} onClose={() => setOpen(false)} />}
    </>
  )
}
