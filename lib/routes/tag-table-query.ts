import { type EntryListState, entryListQuery } from './entry-list-query.ts'
import type { LinkQuery } from './link-query.ts'

export const TAG_SORTS = ['version', 'name', 'created', 'size'] as const
export const TAG_VIEWS = ['tags', 'images', 'history', 'labels', 'storage', 'policy', 'referrers'] as const
export type TagView = (typeof TAG_VIEWS)[number]

export type TagSort = (typeof TAG_SORTS)[number]

/** A path can be a namespace too: links in one list keep how the other is shown. */
export interface TagTableState extends EntryListState {
  readonly q: string
  readonly sort: TagSort
  readonly dir: 'asc' | 'desc'
  /** From 1. */
  readonly page: number
  /** A row for each tag, which is the default, or another way to look at the repository. */
  readonly view?: TagView
}

/** What of a state is not the default: as it goes into a link. */
export function tagTableQuery(state: TagTableState): LinkQuery {
  return {
    ...entryListQuery(state),
    view: state.view === 'tags' ? undefined : state.view,
    q: state.q || undefined,
    sort: state.sort === 'version' ? undefined : state.sort,
    dir: state.dir === 'desc' ? undefined : state.dir,
    page: state.page === 1 ? undefined : state.page,
  }
}
