'use client'

import { CopyPlus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'

const CopyHereDialog = onDemand(() => import('./copy-here-dialog').then((module) => module.CopyHereDialog))

/** Copies an image into this repository from elsewhere. */
export function CopyHere({ registry, repository }: { registry: string; repository: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <CopyPlus aria-hidden />
        Copy image here
      </Button>
      {open && <CopyHereDialog registry={registry} repository={repository} onClose={() => setOpen(false)} />}
    </>
  )
}
