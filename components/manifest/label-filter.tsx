'use client'

import { UrlFilter } from '@/components/ui/url-filter'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery } from '@/lib/routes/manifest-page-query'
import type { ManifestPlace } from './manifest-place'

/** Filters the labels by words in key and value, in the page's address. */
export function LabelFilter({ place, state }: { place: ManifestPlace; state: ManifestPageState }) {
  const hrefOf = (q: string) => manifestHref(place, place.selector, manifestPageQuery({ ...state, q, page: 1 }))
  return <UrlFilter label="Filter labels" shown={state.q} hrefOf={hrefOf} />
}
