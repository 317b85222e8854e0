import { type QueryShortcut, QueryShortcuts } from '@/components/registry/query-shortcuts'
import type { Place } from '@/lib/oci/place'
import type { Problem } from '@/lib/problem/problem'
import { repositoryHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'
import { ResolutionProgress } from './resolution-progress'
import { TagFilter } from './tag-filter'

export const NOT_SIGNED: QueryShortcut = { name: 'Not signed', q: '-has:signature' }

interface TagToolbarProps {
  place: Place
  state: TagTableState
  queries: readonly QueryShortcut[]
  page: {
    readonly problem?: Problem
    readonly mistake?: string
    readonly resolved?: { readonly done: number; readonly total: number; readonly isLimit?: boolean }
  }
  /** How many there are, and what else to know of them. */
  children: React.ReactNode
}

/** Above a table of tags or images: the filter, what it found, and how much has been read for the order. */
export function TagToolbar({ place, state, queries, page, children }: TagToolbarProps) {
  return (
    <div className="mb-3 flex flex-wrap items-baseline gap-x-4 gap-y-2">
      <div className="w-full sm:w-72">
        <TagFilter place={place} state={state} problem={page.problem} mistake={page.mistake} />
      </div>
      {queries.length > 0 && (
        <QueryShortcuts
          queries={queries}
          typed={state.q}
          hrefOf={(q) => repositoryHref(place, tagTableQuery({ ...state, q, page: 1 }))}
        />
      )}
      {children}
      {page.resolved && <ResolutionProgress place={place} {...page.resolved} />}
    </div>
  )
}
