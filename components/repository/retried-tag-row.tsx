import { TableRow } from '@/components/ui/table'
import { useQuery } from '@/lib/query/hooks'
import { tagRowQuery } from '@/lib/query/tags'
import type { TagTableRow, tagColumns } from './tag-columns'

export interface SettledTagRowProps {
  registry: string
  repository: string
  row: TagTableRow
  columns: ReturnType<typeof tagColumns>
}

/** A row that failed for the moment: asked for again while the page is open. */
export function RetriedTagRow({ registry, repository, row, columns }: SettledTagRowProps) {
  const { data } = useQuery(tagRowQuery(registry, repository, row.tag))
  return <TableRow columns={columns} row={data?.ok ? { ...row, row: data } : row} />
}
