import { X } from 'lucide-react'
import { Link } from '@/components/ui/link'
import { formatCount } from '@/lib/format/bytes'

export interface QueryShortcut {
  readonly name: string
  /** As it would be typed. */
  readonly q: string
  /** How many it finds, where that is known without looking. */
  readonly count?: number
  /** It may find more: something hasn’t been read yet. */
  readonly isLowerBound?: boolean
}

interface QueryShortcutsProps {
  queries: readonly QueryShortcut[]
  /** What the list is filtered by now. */
  typed: string
  hrefOf: (q: string) => string
  titleOf?: (q: string) => string
}

/** Queries one click away: the one that is on is removed by another click. */
export function QueryShortcuts({ queries, typed, hrefOf, titleOf = (q) => q }: QueryShortcutsProps) {
  return (
    <ul aria-label="Queries" className="flex flex-wrap gap-1.5">
      {queries.map(({ name, q, count, isLowerBound }) => {
        const isOn = typed === q
        return (
          <li key={q}>
            <Link
              href={hrefOf(isOn ? '' : q)}
              scroll={false}
              aria-current={isOn || undefined}
              title={isOn ? 'Remove this filter' : titleOf(q)}
              className="flex h-8 items-center gap-1.5 rounded-full border bg-surface px-3 text-xs text-muted hover:text-ink aria-[current]:border-accent aria-[current]:text-accent"
            >
              {name}
              {count !== undefined && (
                <b className="font-semibold text-ink tabular">
                  {formatCount(count)}
                  {isLowerBound && '+'}
                </b>
              )}
              {isOn && <X aria-hidden className="size-3" />}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
