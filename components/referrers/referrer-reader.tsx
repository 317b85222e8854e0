'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { SbomList, StatementList } from './documents'
import type { SbomSource } from './sbom-source'

interface ReferrerReaderProps {
  source: SbomSource
  /** What is in it to read, as the button names it. */
  noun: 'SBOM' | 'signature' | 'attestation'
  sbom: boolean
  statements: boolean
}

/** Reads a referrer's documents on request: a cell of its row, and the full width below it. */
export function ReferrerReader({ source, noun, sbom, statements }: ReferrerReaderProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="sm"
        aria-expanded={open}
        aria-label={`${open ? 'Close' : 'Read'} ${noun} ${source.digest}`}
        onClick={() => setOpen(!open)}
      >
        {open ? 'Close' : noun === 'SBOM' ? 'Read SBOM' : 'Read'}
      </Button>
      {open && (
        <div className="col-span-full space-y-3">
          {statements && <StatementList source={source} />}
          {sbom && <SbomList source={source} />}
        </div>
      )}
    </>
  )
}
