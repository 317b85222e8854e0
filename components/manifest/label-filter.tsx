'use client'

import { FilterInput } from '@/components/ui/filter-input'
import { useUrlFilter } from '@/components/ui/use-url-filter'
import { manifestHref } from '@/lib/routes/href'
import { type ManifestPageState, manifestPageQuery } from '@/lib/routes/manifest-page-query'
import type { ManifestPlace } from './manifest-place'

/** Filters the labels by words in key and value, in the page's address. */
export function LabelFilter({ place, state }: { place: ManifestPlace; state: ManifestPageState }) {
  const { text, setText } = useUrlFilter(state.q, (q) =>
    manifestHref(place, place.selector, manifestPageQuery({ ...state, q, page: 1 })),
  )
  return <FilterInput label="Filter labels" value={text} onChange={setText} shortcut="/" />
}
