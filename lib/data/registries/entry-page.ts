import type { RepositoryRow } from '../../catalog/database/repository-rows.ts'
import { pageOf } from '../../format/page-of.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import type { EntryListState } from '../../routes/entry-list-query.ts'
import type { FindingCount } from '../policy/count-findings.ts'
import type { EntryShortcut } from './entry-shortcuts.ts'
import { matchingEntries, repositoriesBelow, type TreeEntry, treeLevel } from './tree.ts'
import { type TypedFilter, typedFilter } from './typed-filter.ts'

/** One page of a place's direct entries, or of a filter's matches anywhere below it. */
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
  /** It has namespaces, which a list of all repositories leaves out. */
  readonly hasNamespaces: boolean
  readonly isFiltered: boolean
  /** By first letter, `#` for all others: the page where it begins. Only of several pages that are sorted by name. */
  readonly letters?: Readonly<Record<string, number>>
  /** What the catalog knows of the repositories among the entries. */
  readonly facts?: EntryFacts
  /** Policy findings, by path. Absent without policies, or while they are being found. */
  readonly findings?: Readonly<Record<string, FindingCount>>
  /** Queries worth a click, with how many they find where that is known. Absent for a list that is too short to filter. */
  readonly shortcuts?: readonly EntryShortcut[]
  /** Why the filter can't be used: nothing matches it. */
  readonly problem?: Problem
  /** Repositories that a query can’t judge, because too little of them has been read. */
  readonly unmatched?: number
  /** What is wrong in a query. Its other terms count. */
  readonly mistake?: string
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
  return pageOfEntries(entriesAt(sorted, prefix, typedFilter(names)), { namesPage, size })
}

type Entries = Pick<EntryPage, 'entries' | 'total' | 'hasNamespaces' | 'isFiltered' | 'problem'>

/** @param isFlat all repositories below the place instead of its direct entries */
export function entriesAt(
  sorted: readonly RepositoryName[],
  prefix: string,
  { matches, isUsed, problem }: TypedFilter,
  isFlat = false,
): Entries {
  const level = treeLevel(sorted, prefix)
  const found = isFlat
    ? repositoriesBelow(sorted, prefix).filter(({ name }) => matches(name))
    : isUsed
      ? matchingEntries(sorted, prefix, matches)
      : level
  return {
    entries: found,
    total: level.reduce((sum, entry) => sum + entry.below + (entry.isRepository ? 1 : 0), 0),
    hasNamespaces: level.some(({ below }) => below > 0),
    isFiltered: isUsed,
    ...(problem && { problem }),
  }
}

interface PageOptions {
  readonly namesPage: number
  readonly size: number
  readonly hasLetters?: boolean
}

export function pageOfEntries(
  { entries: all, ...rest }: Entries,
  { namesPage, size, hasLetters = false }: PageOptions,
): EntryPage {
  const { items: entries, total: matching, page } = pageOf(all, namesPage, size)
  return {
    ...rest,
    entries,
    matching,
    page,
    size,
    ...(hasLetters && matching > size && { letters: lettersOf(all, size) }),
  }
}

function lettersOf(entries: readonly TreeEntry[], size: number): Record<string, number> {
  const letters: Record<string, number> = {}
  for (const [index, { name }] of entries.entries()) {
    const first = name.charAt(0).toUpperCase()
    letters[/[A-Z]/.test(first) ? first : '#'] ??= Math.floor(index / size) + 1
  }
  return letters
}
