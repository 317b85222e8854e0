'use client'

import { Box } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Link } from '@/components/ui/link'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useVisibleRows } from '@/components/ui/use-visible-rows'
import { formatCount, plural } from '@/lib/format/bytes'
import { problemFrom } from '@/lib/query/unwrap'
import { pathHref } from '@/lib/routes/href'
import { useRepositoryMatches } from './use-repository-matches'

const ROW_HEIGHT = 28

interface RepositoryMatchesProps {
  term: string
  showRegistry: boolean
  /** Called when what is shown starts or stops being out of date. */
  onSearching: (isSearching: boolean) => void
}

/** The repositories that match, in every registry. */
export function RepositoryMatches({ term, showRegistry, onSearching }: RepositoryMatchesProps) {
  const { matches, found, partial, error } = useRepositoryMatches(term)
  const scroller = useRef<HTMLDivElement>(null)
  const { start, end } = useVisibleRows(scroller, matches.length, ROW_HEIGHT)
  useEffect(() => {
    onSearching(found === undefined && !error)
    return () => onSearching(false)
  }, [found, error, onSearching])
  if (error) return <ProblemNotice problem={problemFrom(error)} className="mx-3" />
  return (
    <>
      <p role="status" className="shrink-0 px-4 pb-1 text-xs text-muted">
        {found === undefined ? 'Searching…' : plural(found, 'match', 'matches')}
        {partial && ' in a partial list'}
        {found !== undefined && found > matches.length && `, the first ${formatCount(matches.length)} shown`}
      </p>
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <ul data-results="" className="relative" style={{ height: matches.length * ROW_HEIGHT }}>
          {matches.slice(start, end).map((match, index) => (
            <li
              key={`${match.registry}/${match.path}`}
              className="absolute inset-x-0 h-7"
              style={{ transform: `translateY(${(start + index) * ROW_HEIGHT}px)` }}
            >
              <Link
                href={pathHref(match.registry, match.path)}
                title={match.path}
                className="flex h-7 items-center gap-1.5 rounded-md px-2 text-sm outline-offset-[-2px] hover:bg-sunken"
              >
                <Box aria-hidden className="size-3.5 shrink-0 text-faint" strokeWidth={1.75} />
                <span className="truncate" dir="ltr">
                  {showRegistry && <span className="text-muted">{match.registry}/</span>}
                  {match.path}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}
