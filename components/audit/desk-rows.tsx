import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import { Time } from '@/components/ui/time'
import type { AuditRow } from '@/lib/data/audit/audit-row'
import { auditHref } from '@/lib/routes/href'
import { actionText } from './action-text'

/** The newest rows of one kind, each leading to its place in the log. */
export function DeskRows({ rows, none }: { rows: readonly AuditRow[]; none: string }) {
  if (rows.length === 0) return <p className="text-sm text-muted">{none}</p>
  return (
    <ul className="divide-y rounded-xl border bg-surface text-sm shadow-xs">
      {rows.map((row) => (
        <li key={row.seq} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2">
          <span className="font-medium">{row.actor ? <SafeText text={row.actor} /> : 'not signed in'}</span>
          <Link
            href={auditHref('', row.seq + 1)}
            className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere] hover:underline"
          >
            {actionText(row.action)} <Place row={row} />
          </Link>
          <Time iso={row.at} className="quiet text-xs" />
        </li>
      ))}
    </ul>
  )
}

function Place({ row: { registry, repository, tag, what, address } }: { row: AuditRow }) {
  const place = [registry, repository].filter(Boolean).join('/')
  const object = tag ? `${place}:${tag}` : place
  const text = what && object ? `${what} of ${object}` : what || object
  if (text) return <SafeText text={text} />
  return address && <span className="quiet">from {address}</span>
}
