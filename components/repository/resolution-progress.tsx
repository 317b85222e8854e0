'use client'

import { formatCount } from '@/lib/format/bytes'
import type { Place } from '@/lib/oci/place'
import { useTagProgress } from './use-tag-progress'

interface ResolutionProgressProps {
  place: Place
  done: number
  total: number
  /** The limit of remembered tags is reached: no more will come. */
  isLimit?: boolean
}

/** Shows how many tags a sort covers, follows the rest as they arrive, and sorts again when all are known. */
export function ResolutionProgress({ place, done, total, isLimit = false }: ResolutionProgressProps) {
  const { progress, problem } = useTagProgress(place, { resolve: true, isOn: !isLimit })
  const known = Math.max(progress?.done ?? 0, done)
  if (isLimit)
    return (
      <p className="text-xs text-warn">
        Sorted by the {formatCount(done)} of {formatCount(total)} tags that have been read. Filter to sort fewer.
      </p>
    )
  return (
    <p className="flex items-center gap-2 text-xs text-muted" role="status">
      {!problem && (
        <progress
          value={known}
          max={total}
          className="h-1.5 w-24 overflow-hidden rounded-full [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
          aria-label="Tags read"
        />
      )}
      Sorted by {formatCount(known)} of {formatCount(total)} tags
      {problem ? `. The rest couldn’t be read: ${problem.title}` : ' so far'}
    </p>
  )
}
