import { useQuery } from '@tanstack/react-query'
import { TableRow } from '@/components/ui/table'
import { tagRowQuery } from '@/lib/query/tags'
import type { TagTableRow, tagColumns } from './tag-columns'

interface SettledTagRowProps {
  registry: string
  repository: string
  row: TagTableRow
  columns: ReturnType<typeof tagColumns>
}

/** Failures that say nothing of the tag: the registry may answer a moment later. */
const PASSING = new Set(['registry.rate-limited', 'registry.unavailable', 'registry.timeout', 'registry.unreachable'])

/** A row that has arrived. One that failed for the moment is asked for again while the page is open. */
export function SettledTagRow({ row, ...props }: SettledTagRowProps) {
  if (row.row && !row.row.ok && PASSING.has(row.row.problem.code)) return <RetriedTagRow row={row} {...props} />
  return <TableRow columns={props.columns} row={row} />
}

function RetriedTagRow({ registry, repository, row, columns }: SettledTagRowProps) {
  const { data } = useQuery(tagRowQuery(registry, repository, row.tag))
  return <TableRow columns={columns} row={data?.ok ? { ...row, row: data } : row} />
}
