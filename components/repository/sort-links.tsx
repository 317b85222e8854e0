import { ArrowDown, ArrowUp } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import type { Place } from '@/lib/oci/place'
import { repositoryHref } from '@/lib/routes/href'
import { type TagSort, type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

interface SortLinksProps {
  place: Place
  state: TagTableState
  /** What this column can sort by. */
  sorts: readonly TagSort[]
  label: string
}

/** The head of a column: a link for each way to sort by it; the link of the current one reverses it. */
export function SortLinks({ place, state, sorts, label }: SortLinksProps) {
  return (
    <span className="inline-flex items-center gap-x-2">
      {sorts.length > 1 && label}
      {sorts.map((sort) => {
        const isActive = sort === state.sort
        const dir = isActive ? (state.dir === 'asc' ? 'desc' : 'asc') : sort === 'name' ? 'asc' : 'desc'
        const Arrow = state.dir === 'asc' ? ArrowUp : ArrowDown
        return (
          <Link
            key={sort}
            href={repositoryHref(place, tagTableQuery({ ...state, sort, dir, page: 1 }))}
            scroll={false}
            title={`Sort by ${sort}, ${dir === 'asc' ? 'ascending' : 'descending'}`}
            className={cn(
              'inline-flex h-7 items-center gap-0.5 rounded underline decoration-line-strong decoration-dotted underline-offset-4 hover:text-ink',
              isActive && 'text-ink',
            )}
          >
            {sorts.length > 1 ? `by ${sort}` : label}
            {isActive && <Arrow aria-hidden className="size-3" />}
          </Link>
        )
      })}
    </span>
  )
}

/** For `aria-sort` of a column that sorts by any of `sorts`. */
export function sortedBy(state: TagTableState, sorts: readonly TagSort[]): 'ascending' | 'descending' | undefined {
  if (!sorts.includes(state.sort)) return undefined
  return state.dir === 'asc' ? 'ascending' : 'descending'
}
