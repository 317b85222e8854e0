'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { copyText } from '@/components/ui/copy-text'
import { labelsHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery } from '@/lib/routes/manifest-page-query'
import type { ManifestPlace } from './manifest-place'

const FORMATS = ['json', 'csv'] as const

/** Copies the labels that the filter matches, in full and from all pages. */
export function CopyLabels({ place, state }: { place: ManifestPlace; state: ManifestPageState }) {
  const [outcome, setOutcome] = useState('')
  const copy = async (format: (typeof FORMATS)[number]) => {
    const query = { ...manifestPageQuery({ ...state, tab: 'overview', page: 1 }), format }
    const response = await fetch(labelsHref(place, place.selector, query)).catch(() => undefined)
    const isCopied = response?.ok === true && (await copyText(await response.text()))
    setOutcome(isCopied ? `Copied as ${format.toUpperCase()}` : 'Copying failed')
  }
  return (
    <span className="ml-auto flex items-center gap-1.5">
      <span role="status" className="text-xs text-muted">
        {outcome}
      </span>
      {FORMATS.map((format) => (
        <Button key={format} size="sm" onClick={() => copy(format)}>
          Copy {format.toUpperCase()}
        </Button>
      ))}
    </span>
  )
}
