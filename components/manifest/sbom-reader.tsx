'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { onDemand } from '@/components/ui/on-demand'
import type { SbomSource } from './sbom-source'

const SbomList = onDemand(() => import('./sbom-list').then((module) => module.SbomList))

/** Reads a referrer's SBOMs on request: a cell of its row, and the full width below it. */
export function SbomReader({ source }: { source: SbomSource }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="sm"
        aria-expanded={open}
        aria-label={`${open ? 'Close' : 'Read'} SBOM ${source.digest}`}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Close' : 'Read SBOM'}
      </Button>
      {open && (
        <div className="col-span-full">
          <SbomList source={source} />
        </div>
      )}
    </>
  )
}
