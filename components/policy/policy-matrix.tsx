import { Link } from '@/components/ui/link'
import { type Column, Table } from '@/components/ui/table'
import type { PolicyReport } from '@/lib/data/policy/read-policy-report'
import { formatCount } from '@/lib/format/bytes'
import { policyHref } from '@/lib/routes/href'
import { POLICY_KINDS, type PolicyKind, type PolicyPageState, policyPageQuery } from '@/lib/routes/policy-page-query'

export const KIND_WORDS: Readonly<Record<PolicyKind, string>> = {
  missing: 'Missing',
  invalid: 'Invalid',
  forbidden: 'Forbidden',
  'too-old': 'Too old',
}

interface Row {
  /** Absent: the last row, of all policies. */
  readonly policy?: string
  readonly query: string
  readonly counts: Readonly<Record<PolicyKind, number>>
  readonly total: number
}

/** How often each policy is broken, in what way. Each number selects its findings. */
export function PolicyMatrix({ report, state }: { report: PolicyReport; state: PolicyPageState }) {
  const rows: readonly Row[] = [
    ...report.policies.map(({ name, ...row }) => ({ policy: name, ...row })),
    ...(report.policies.length > 1 ? [{ query: '', counts: report.totals, total: report.total }] : []),
  ]
  const columns: Column<Row>[] = [
    {
      id: 'policy',
      role: 'name',
      head: 'Policy',
      cell: ({ policy, query }) => (
        <>
          {policy ?? 'All policies'}
          {policy !== undefined && <small className="mono">{query || 'everything'}</small>}
        </>
      ),
    },
    ...POLICY_KINDS.map(
      (kind): Column<Row> => ({
        id: kind,
        width: 6.5,
        align: 'end',
        head: KIND_WORDS[kind],
        stacked: `${KIND_WORDS[kind].toLowerCase()}:`,
        cell: ({ policy, counts }) => <Count count={counts[kind]} policy={policy} kind={kind} state={state} />,
      }),
    ),
    {
      id: 'total',
      width: 6,
      align: 'end',
      head: 'All',
      stacked: 'all:',
      cell: ({ policy, total }) => <Count count={total} policy={policy} state={state} />,
    },
  ]
  return (
    <Table
      name="policies"
      caption="Findings by policy and kind"
      columns={columns}
      rows={rows}
      rowKey={({ policy }) => policy ?? ''}
      isText
    />
  )
}

interface CountProps {
  count: number
  policy: string | undefined
  kind?: PolicyKind
  state: PolicyPageState
}

function Count({ count, policy, kind, state }: CountProps) {
  if (count === 0) return <span className="text-faint">–</span>
  const isSelected = (state.policy ?? undefined) === policy && (state.kind ?? undefined) === kind
  return (
    <Link
      href={policyHref(policyPageQuery({ policy: policy ?? null, kind: kind ?? null, page: 1 }))}
      scroll={false}
      aria-current={isSelected || undefined}
      className={isSelected ? 'tabular font-semibold text-accent underline underline-offset-4' : 'tabular'}
    >
      {formatCount(count)}
    </Link>
  )
}
