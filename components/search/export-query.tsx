import { ExportMenu } from '@/components/ui/export-menu'
import { exportHref } from '@/lib/routes/href'
import { labelsPageQuery } from '@/lib/routes/labels-page-query'
import { searchPageQuery } from '@/lib/routes/search-page-query'
import type { QueryPlace } from './query-place'

/** The whole result as a file, with what the page asks for in its address. */
export function ExportQuery({ place, count }: { place: QueryPlace; count?: string }) {
  const query = place.kind === 'search' ? searchPageQuery(place.state) : labelsPageQuery(place.state)
  const href = (format: string) =>
    exportHref(place.kind, { ...query, after: undefined, seen: undefined, open: undefined, format })
  return (
    <ExportMenu
      files={(['csv', 'ndjson', 'json'] as const).map((format) => ({ format, href: href(format) }))}
      count={count}
    />
  )
}
