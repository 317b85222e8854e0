import type { Place } from '@/lib/oci/place'
import type { Problem } from '@/lib/problem/problem'
import type { TagTableState } from '@/lib/routes/tag-table-query'
import { ResolutionProgress } from './resolution-progress'
import { TagFilter } from './tag-filter'

interface TagToolbarProps {
  place: Place
  state: TagTableState
  page: {
    readonly problem?: Problem
    readonly mistake?: string
    readonly resolved?: { readonly done: number; readonly total: number; readonly isLimit?: boolean }
  }
  /** How many there are, and what else to know of them. */
  children: React.ReactNode
}

/** Above a table of tags or images: the filter, what it found, and how much has been read for the order. */
export function TagToolbar({ place, state, page, children }: TagToolbarProps) {
  return (
    <div className="mb-3 flex flex-wrap items-baseline gap-x-4 gap-y-2">
      <div className="w-full sm:w-72">
        <TagFilter place={place} state={state} problem={page.problem} mistake={page.mistake} />
      </div>
      {children}
      {page.resolved && <ResolutionProgress place={place} {...page.resolved} />}
    </div>
  )
}
