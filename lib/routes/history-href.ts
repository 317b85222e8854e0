import type { Place } from '../oci/place.ts'
import { type HistoryState, historyQuery } from './history-query.ts'
import { activityHref, repositoryHref } from './href.ts'

/** Whose history: a repository's, or that of everything visible. */
export type HistoryPlace = ({ readonly kind: 'repository' } & Place) | { readonly kind: 'everything' }

export function historyHref(place: HistoryPlace, state: HistoryState): string {
  const query = historyQuery(state)
  return place.kind === 'everything' ? activityHref(query) : repositoryHref(place, { view: 'history', ...query })
}
