'use client'

import { Copy } from 'lucide-react'
import { useState } from 'react'
import { onDemand } from '@/components/ui/on-demand'
import { ChangeButton } from '@/components/ui/refusal'
import type { Place } from '@/lib/oci/place'

const CopyTagsDialog = onDemand(() => import('./copy-tags-dialog').then((module) => module.CopyTagsDialog))

/** Copies everything that is tagged in this repository elsewhere. */
export function CopyAll({ place, tags }: { place: Place; tags: number }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <ChangeButton data-palette={`Copy all tags of ${place.repository} to…`} onClick={() => setOpen(true)}>
        <Copy aria-hidden />
        Copy all
      </ChangeButton>
      {open && (
        <CopyTagsDialog
          place={place}
          select={{ matching: '', except: [] }}
          count={tags}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
