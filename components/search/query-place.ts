import { searchHref } from '@/lib/routes/href'
import { labelsHref } from '@/lib/routes/labels-href'
import { type LabelsPageState, labelsPageQuery } from '@/lib/routes/labels-page-query'
import { type SearchPageState, searchPageQuery } from '@/lib/routes/search-page-query'

/** The page that a query is typed on, with the rest of its state. */
export type QueryPlace =
  | { readonly kind: 'search'; readonly state: SearchPageState }
  | { readonly kind: 'labels'; readonly state: LabelsPageState }

/** The page with another query, from its beginning. */
export function queryHref(place: QueryPlace, q: string): string {
  return place.kind === 'search'
    ? searchHref(searchPageQuery({ ...place.state, q, after: null, seen: 0, open: [] }))
    : labelsHref({ ...place.state, q, page: 1, after: null })
}

/** What a form without JavaScript sends beside the query. */
export function hiddenFields(place: QueryPlace): readonly (readonly [string, string])[] {
  const { q: _, ...query } =
    place.kind === 'search'
      ? searchPageQuery({ ...place.state, after: null, seen: 0, open: [] })
      : { ...labelsPageQuery({ ...place.state, page: 1, after: null }), ...(place.state.within && { view: 'labels' }) }
  return Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
}
