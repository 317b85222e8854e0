import type { LinkQuery } from './link-query.ts'

export const SEARCH_SORTS = ['repository', 'created', 'moved', 'size'] as const
export type SearchSort = (typeof SEARCH_SORTS)[number]

/** What the search page shows, as it stands in the URL. */
export interface SearchPageState {
  readonly q: string
  readonly sort: SearchSort
  /** Where the page before ended; and how many tags came before, to say so. */
  readonly after?: string | null
  readonly seen: number
  /** Groups that are shown whole: `<registry>/<repository>`. */
  readonly open: readonly string[]
  /** Also tags that only hold signatures and other referrers. */
  readonly referrers?: boolean
}

/** What of a state is not the default: as it goes into a link. */
export function searchPageQuery({ q, sort, after, seen, open, referrers }: SearchPageState): LinkQuery {
  return {
    q,
    sort: sort === 'repository' ? undefined : sort,
    after: after ?? undefined,
    seen: after && seen > 0 ? seen : undefined,
    open: open.join(',') || undefined,
    referrers: referrers ? 'true' : undefined,
  }
}
