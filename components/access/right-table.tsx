import { Check, Minus, X } from 'lucide-react'
import { type Column, Table } from '@/components/ui/table'
import type { AccessView, RightRow } from '@/lib/data/access/read-access'

const ROLES = ['viewer', 'auditor', 'operator', 'admin'] as const

/** Each right: whether the person has it here and by which rule, and which roles include it. */
export function RightTable({ rows, role }: { rows: readonly RightRow[]; role: AccessView['role'] }) {
  const hasPlace = rows.some((row) => row.here !== undefined)
  return (
    <>
      <Table
        name={hasPlace ? 'rights' : 'role-rights'}
        caption="Rights"
        columns={columnsFor(hasPlace, role)}
        rows={rows}
        rowKey={({ verb }) => verb}
        isText
      />
      <p className="mt-2 text-xs text-muted">
        “grant” means only with a grant that names the right: overwrite, delete or restore.
        {!hasPlace && ' Enter a repository to see what holds there, and why.'}
      </p>
    </>
  )
}

function columnsFor(hasPlace: boolean, role: AccessView['role']): Column<RightRow>[] {
  return [
    { id: 'right', role: 'name', head: 'Right', cell: ({ name }) => name },
    ...(hasPlace
      ? [
          {
            id: 'here',
            width: 26,
            head: 'In this repository',
            cell: ({ here }: RightRow) => here && <Here allowed={here.allowed} why={here.why} />,
          } as const,
        ]
      : []),
    ...ROLES.map((name) => ({
      id: name,
      width: 5.5,
      ...(hasPlace && { priority: 2 }),
      head: <span className={name === role ? 'text-accent' : undefined}>{name}</span>,
      stacked: name,
      cell: ({ roles }: RightRow) => <Included included={roles[name]} />,
    })),
  ]
}

function Here({ allowed, why }: { allowed: boolean; why: string }) {
  const Icon = allowed ? Check : X
  return (
    <span className="inline-flex items-baseline gap-1.5 [overflow-wrap:anywhere]">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 self-start ${allowed ? 'text-good' : 'text-danger'}`} />
      <span>
        <span className="font-medium">{allowed ? 'Yes' : 'No'}</span> <span className="quiet">{why}</span>
      </span>
    </span>
  )
}

function Included({ included }: { included: RightRow['roles'][keyof RightRow['roles']] }) {
  if (included === 'separate') return <span className="quiet">grant</span>
  const Icon = included === 'yes' ? Check : Minus
  return (
    <>
      <Icon aria-hidden className={`inline size-4 ${included === 'yes' ? 'text-good' : 'text-muted'}`} />
      <span className="sr-only">{included}</span>
    </>
  )
}
