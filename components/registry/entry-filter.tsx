'use client'

import type { Problem } from '@/lib/problem/problem'
import { type EntryPlace, entriesHref } from '@/lib/routes/entries-href'
import { NameFilter } from './name-filter'

interface EntryFilterProps {
  label: string
  place: EntryPlace
  problem: Problem | undefined
  mistake?: string | undefined
  /** See `NameFilter`. */
  scope?: string
  example?: string
  shortcut?: string | undefined
  results: string
}

/** Filters the namespaces and repositories of a page. */
export function EntryFilter({ place, ...props }: EntryFilterProps) {
  return (
    <NameFilter
      {...props}
      shown={place.state.names}
      hrefOf={(names) => entriesHref(place, { ...place.state, names, namesPage: 1 })}
    />
  )
}
