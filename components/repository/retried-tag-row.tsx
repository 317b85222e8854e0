import { TableRow } from '@/components/ui/table'
import type { Place } from '@/lib/oci/place'
import { useQuery } from '@/lib/query/hooks'
import { tagRowQuery } from '@/lib/query/tags'
import type { TagTableRow, tagColumns } from './tag-columns'

export interface SettledTagRowProps {
  place: Place
  row: TagTableRow
  columns: ReturnType<typeof tagColumns>
}

/** A row that failed for the moment: asked for again while the page is open. */
export function RetriedTagRow({ place, row, columns }: SettledTagRowProps) {
  const { data } = useQuery(tagRowQuery(place, row.tag))
  return <TableRow columns={columns} row={data?.ok ? { ...row, row: data } : row} />
}
