import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DeskExports } from '@/components/audit/desk-exports'
import { DeskRows } from '@/components/audit/desk-rows'
import { DeskSummary } from '@/components/audit/desk-summary'
import { VerifiedState } from '@/components/audit/late-parts'
import { HomeSection } from '@/components/home/home-section'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { readDesk } from '@/lib/data/audit/read-desk'
import { visitor } from '@/lib/data/visitor'
import { isAbsence } from '@/lib/problem/access-problem'
import { attempt } from '@/lib/problem/attempt'
import { auditHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Auditor' }

export default async function AuditorPage() {
  const actor = await visitor()
  const found = await attempt(() => readDesk(actor), actor)
  if (!found.ok && isAbsence(found.problem)) notFound()
  if (!found.ok) return <ProblemNotice problem={found.problem} />
  const { verified, log, policy, labels, alsoWritten } = found.value
  return (
    <>
      <PageHead
        title="For auditors"
        about="What happened, what breaks a policy, and what to export. Nothing on this page makes changes; every export is recorded."
      />
      <VerifiedState last={verified} />
      <DeskSummary log={log} policy={policy} labels={labels} />
      <div className="mb-6 grid gap-6 lg:grid-cols-2">
        {log.ok ? (
          <>
            <HomeSection
              id="refused"
              title="Recent refusals"
              more={{ href: auditHref('outcome:refused'), text: 'All' }}
            >
              <DeskRows rows={log.value.refused} none="Nothing has been refused yet." />
            </HomeSection>
            <HomeSection id="exported" title="Recent exports" more={{ href: auditHref('action:export'), text: 'All' }}>
              <DeskRows rows={log.value.exports} none="Nothing has been exported yet." />
            </HomeSection>
          </>
        ) : (
          <ProblemNotice problem={log.problem} />
        )}
      </div>
      <HomeSection id="exports" title="Export">
        <DeskExports hasPolicies={policy.ok && policy.value !== undefined} />
      </HomeSection>
      {alsoWritten && (
        <p className="mt-4 text-xs text-muted">
          Rows of the log are also written to {alsoWritten === 'stdout' ? 'standard output' : alsoWritten} as JSON
          lines. On the server, <code className="font-mono">npm run audit:verify</code> names the first broken row.
        </p>
      )}
    </>
  )
}
