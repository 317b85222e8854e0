import { onDemand } from '@/components/ui/on-demand'
import { TableRow } from '@/components/ui/table'
import type { SettledTagRowProps } from './retried-tag-row'

/** Failures that aren't the tag's: the registry may answer a moment later. */
const PASSING = new Set(['registry.rate-limited', 'registry.unavailable', 'registry.timeout', 'registry.unreachable'])

const RetriedTagRow = onDemand<SettledTagRowProps>(
  () => import('./retried-tag-row').then((module) => module.RetriedTagRow),
  ({ columns, row }) => <TableRow columns={columns} row={row} />,
)

/** A row that has arrived. One that failed for the moment is asked for again while the page is open. */
export function SettledTagRow(props: SettledTagRowProps) {
  const { row } = props.row
  if (row && !row.ok && PASSING.has(row.problem.code)) return <RetriedTagRow {...props} />
  return <TableRow columns={props.columns} row={props.row} />
}
