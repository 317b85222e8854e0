import { createLoader, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'

export const TAG_SORTS = ['version', 'name', 'created', 'size'] as const
export type TagSort = (typeof TAG_SORTS)[number]

/** The state of the table of tags as it stands in the URL. */
export const tagTableParams = {
  q: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(TAG_SORTS).withDefault('version'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  page: parseAsInteger.withDefault(1),
}

export const loadTagTableParams = createLoader(tagTableParams)

export interface TagTableState {
  readonly q: string
  readonly sort: TagSort
  readonly dir: 'asc' | 'desc'
  /** From 1. */
  readonly page: number
}

/** What of a state is not the default: as it goes into a link. */
export function tagTableQuery(state: TagTableState): Record<string, string | number | undefined> {
  return {
    q: state.q || undefined,
    sort: state.sort === 'version' ? undefined : state.sort,
    dir: state.dir === 'desc' ? undefined : state.dir,
    page: state.page === 1 ? undefined : state.page,
  }
}
