'use client'

import { NameFilter } from '@/components/registry/name-filter'
import type { Place } from '@/lib/oci/place'
import type { Problem } from '@/lib/problem/problem'
import { repositoryHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

interface TagFilterProps {
  place: Place
  state: TagTableState
  problem: Problem | undefined
  mistake: string | undefined
}

/** Filters the tags of a repository. */
export function TagFilter({ place, state, problem, mistake }: TagFilterProps) {
  return (
    <NameFilter
      label="Filter tags"
      shown={state.q}
      problem={problem}
      mistake={mistake}
      scope={`registry:${place.registry} repo:${place.repository} `}
      shortcut="/"
      example="1.4.*, age:>90d"
      results="tags"
      hrefOf={(q) => repositoryHref(place, tagTableQuery({ ...state, q, page: 1 }))}
    />
  )
}
