import { CopyButton } from '@/components/ui/copy-button'
import { Digest } from '@/components/ui/digest'
import { Link } from '@/components/ui/link'
import { SafeText } from '@/components/ui/safe-text'
import type { AuditBatch, AuditRow } from '@/lib/data/audit/audit-row'
import { formatCount } from '@/lib/format/bytes'
import { formatAbsolute } from '@/lib/format/time'
import { auditHref, planHref } from '@/lib/routes/href'

/** Everything that the log says about an action. */
export function AuditDetails({ row }: { row: AuditRow }) {
  const { at, end, before, after, rights, address, request, job, plan, reason, problem, facts } = row
  return (
    <div className="space-y-3 px-2 py-2 text-sm">
      <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
        <Fact name={end ? 'Intent' : 'Recorded'}>{formatAbsolute(at)}</Fact>
        {end && (
          <Fact name="Outcome">
            {formatAbsolute(end.at)}, after {Date.parse(end.at) - Date.parse(at)} ms
          </Fact>
        )}
        {before && (
          <Fact name="Before">
            <Digest digest={before} swatch />
          </Fact>
        )}
        {after && (
          <Fact name="After">
            <Digest digest={after} swatch />
          </Fact>
        )}
        {rights && <Fact name="Rights">{rights}</Fact>}
        {address && <Fact name="Address">{address}</Fact>}
        {request && (
          <Fact name="Request">
            <Link href={auditHref(`request:${request}`)} className="underline-offset-2 hover:underline">
              {request}
            </Link>
          </Fact>
        )}
        {job && <Fact name="Job">{job}</Fact>}
        {plan && <PlanFact plan={plan} />}
        {reason && (
          <Fact name="Reason given">
            <SafeText text={reason} />
          </Fact>
        )}
        {problem && (
          <Fact name="Why">
            <SafeText text={problem} />
          </Fact>
        )}
        {facts.map(([name, value]) => (
          <Fact key={name} name={name}>
            <SafeText text={value} className="break-all" />
          </Fact>
        ))}
      </dl>
      <p className="flex flex-wrap items-center gap-x-2 border-t pt-2 text-xs text-muted">
        Chain
        <span className="mono">
          #{row.seq - 1} {row.previous.slice(0, 8) || 'start'}
        </span>
        →
        <span className="mono">
          #{row.seq} {row.hash.slice(0, 8)}
        </span>
        <CopyButton text={row.hash} label={`Copy the hash of row ${row.seq}`} />
        {end && (
          <span className="mono">
            … → #{end.seq} {end.hash.slice(0, 8)}
          </span>
        )}
      </p>
    </div>
  )
}

/** What the rows of a batch share, and where each of them is. */
export function BatchDetails({
  row: { seq, rights, address, job, plan },
  batch,
}: {
  row: AuditRow
  batch: AuditBatch
}) {
  return (
    <div className="space-y-3 px-2 py-2 text-sm">
      <dl className="grid grid-cols-[minmax(6rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1">
        <Fact name="Rows">
          {formatCount(batch.oldest)} to {formatCount(seq)}, of which {formatCount(batch.rows)} are of this job
        </Fact>
        {rights && <Fact name="Rights">{rights}</Fact>}
        {address && <Fact name="Address">{address}</Fact>}
        <Fact name="Job">{job}</Fact>
        {plan && <PlanFact plan={plan} />}
      </dl>
      <Link href={auditHref(`job:${job}`)} className="font-medium text-accent underline-offset-2 hover:underline">
        Show each row of this job
      </Link>
    </div>
  )
}

function PlanFact({ plan }: { plan: string }) {
  return (
    <Fact name="Plan">
      <Link href={planHref(plan)} className="mono underline-offset-2 hover:underline">
        {plan}
      </Link>
    </Fact>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-muted first-letter:uppercase">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}
