'use client'

import { plural } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { useTagProgress } from './use-tag-progress'

/** Says that a repository's tags are still being listed, and how many there are so far; the page follows. */
export function ListingProgress({ place }: { place: Place }) {
  const { progress, problem } = useTagProgress(place, { resolve: false, isOn: true })
  return (
    <p className="mb-3 text-sm text-muted" role="status">
      {problem
        ? `The tags couldn’t be listed: ${problem.title}`
        : progress && progress.total > 0
          ? `Still listing: ${plural(progress.total, 'tag')} so far`
          : `Waiting for ${place.registry} to list the tags`}
    </p>
  )
}
