'use client'

import { CopyPlus } from 'lucide-react'
import { useState } from 'react'
import { onDemand } from '@/components/ui/on-demand'
import { ChangeButton } from '@/components/ui/refusal'
import type { Place } from '@/lib/oci/place'

const CopyHereDialog = onDemand(() => import('./copy-here-dialog').then((module) => module.CopyHereDialog))

/** Copies an image into this repository from elsewhere. */
export function CopyHere({ place }: { place: Place }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <ChangeButton onClick={() => setOpen(true)}>
        <CopyPlus aria-hidden />
        Copy image here
      </ChangeButton>
      {open && <CopyHereDialog place={place} onClose={() => setOpen(false)} />}
    </>
  )
}
