'use client'

import { NameFilter } from '@/components/registry/name-filter'
import type { Problem } from '@/lib/problem/problem'
import { pathHref } from '@/lib/routes/href'
import { type TagTableState, tagTableQuery } from '@/lib/routes/tag-table-query'

interface TagFilterProps {
  registry: string
  repository: string
  state: TagTableState
  problem: Problem | undefined
  mistake: string | undefined
}

/** Filters the tags of a repository. */
export function TagFilter({ registry, repository, state, problem, mistake }: TagFilterProps) {
  return (
    <NameFilter
      label="Filter tags"
      shown={state.q}
      problem={problem}
      mistake={mistake}
      scope={`registry:${registry} repo:${repository} `}
      shortcut="/"
      results="tags"
      hrefOf={(q) => pathHref(registry, repository, tagTableQuery({ ...state, q, page: 1 }))}
    />
  )
}
