import type { RepositoryRow } from '../../catalog/database/repository-rows.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import type { EntryListState } from '../../routes/entry-list-query.ts'
import { matchingEntries, type TreeEntry, treeLevel } from './tree.ts'
import { typedFilter } from './typed-filter.ts'

/** One page of what is directly at a place, or of what a filter finds anywhere below it. */
export interface EntryPage {
  readonly entries: readonly TreeEntry[]
  /** On all pages. */
  readonly matching: number
  /** From 1. */
  readonly page: number
  /** Entries on a full page. */
  readonly size: number
  /** Repositories below the place, whatever the filter. */
  readonly total: number
  readonly isFiltered: boolean
  /** What the catalog knows of the repositories among the entries. */
  readonly facts?: EntryFacts
  /** Why the filter can't be used: nothing matches it. */
  readonly problem?: Problem
}

/** By path. */
export type EntryFacts = Readonly<Record<string, RepositoryRow>>

/** @param sorted repositories sorted by code unit */
export function entryPage(
  sorted: readonly RepositoryName[],
  prefix: string,
  { names, namesPage }: EntryListState,
  size: number,
): EntryPage {
  const { matches, isUsed, problem } = typedFilter(names)
  const level = treeLevel(sorted, prefix)
  const all = isUsed ? matchingEntries(sorted, prefix, matches) : level
  const page = Math.min(Math.max(1, namesPage), Math.max(1, Math.ceil(all.length / size)))
  return {
    entries: all.slice((page - 1) * size, page * size),
    matching: all.length,
    page,
    size,
    total: level.reduce((sum, entry) => sum + entry.below + (entry.isRepository ? 1 : 0), 0),
    isFiltered: isUsed,
    ...(problem && { problem }),
  }
}
