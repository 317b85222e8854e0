import { onDemand } from '@/components/ui/on-demand'
import { TableRow } from '@/components/ui/table'
import { isOutageProblem } from '@/lib/problem/is-outage-problem'
import type { SettledTagRowProps } from './retried-tag-row'

const RetriedTagRow = onDemand<SettledTagRowProps>(
  () => import('./retried-tag-row').then((module) => module.RetriedTagRow),
  ({ columns, row }) => <TableRow columns={columns} row={row} />,
)

/** A row that has arrived. After an outage it is asked for again while the page is open: the registry may answer by then. */
export function SettledTagRow(props: SettledTagRowProps) {
  const { row } = props.row
  if (row && !row.ok && isOutageProblem(row.problem)) return <RetriedTagRow {...props} />
  return <TableRow columns={props.columns} row={props.row} />
}
