import { type HistoryState, historyQuery } from './history-query.ts'
import { activityHref, pathHref } from './href.ts'

/** Whose history: a repository's, or that of everything visible. */
export type HistoryPlace =
  | { readonly kind: 'repository'; readonly registry: string; readonly repository: string }
  | { readonly kind: 'everything' }

export function historyHref(place: HistoryPlace, state: HistoryState): string {
  const query = historyQuery(state)
  return place.kind === 'everything'
    ? activityHref(query)
    : pathHref(place.registry, place.repository, { view: 'history', ...query })
}
