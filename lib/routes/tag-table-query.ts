export const TAG_SORTS = ['version', 'name', 'created', 'size'] as const
export type TagSort = (typeof TAG_SORTS)[number]

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
