import { Link } from '@/components/ui/link'
import type { AuditorsDesk } from '@/lib/data/audit/read-desk'
import { formatCount, plural } from '@/lib/format/bytes'
import { auditHref, labelReportHref, policyHref } from '@/lib/routes/href'
import { Outcome } from './outcome'

/** The log of the last week, policy findings and labels, each with the page that has the rest. */
export function DeskSummary({ log, policy, labels }: Pick<AuditorsDesk, 'log' | 'policy' | 'labels'>) {
  return (
    <dl className="mb-6 grid gap-px overflow-hidden rounded-xl border bg-line text-sm shadow-xs md:grid-cols-3">
      <Part name="Audit log, last 7 days" href={auditHref('date:<7d')}>
        {!log.ok ? (
          log.problem.title
        ) : log.value.outcomes.length === 0 ? (
          'Nothing was recorded.'
        ) : (
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {log.value.outcomes.map(({ outcome, count }) => (
              <li key={outcome}>
                <Link href={auditHref(`date:<7d outcome:${outcome}`)} className="inline-flex gap-1.5 hover:underline">
                  <Outcome outcome={outcome} /> <span className="tabular">{formatCount(count)}</span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part name="Policy" href={policyHref()}>
        {policy.ok ? policyText(policy.value) : policy.problem.title}
      </Part>
      <Part name="Labels" href={labelReportHref()}>
        {labels.ok ? plural(labels.value.keys, 'label key') : labels.problem.title}
      </Part>
    </dl>
  )
}

function policyText(found: { findings: number; checkedImages: number; isComplete: boolean } | undefined): string {
  if (!found) return 'No policies are configured: POLICY_FILE names none.'
  const findings = plural(found.findings, 'finding')
  return `${found.isComplete ? findings : `At least ${findings}`} in ${plural(found.checkedImages, 'checked image')}`
}

function Part({ name, href, children }: { name: string; href: string; children: React.ReactNode }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="mb-1 text-xs text-muted">
        <Link href={href} className="underline-offset-2 hover:text-ink hover:underline">
          {name}
        </Link>
      </dt>
      <dd>{children}</dd>
    </div>
  )
}
