import type { Metadata } from 'next'
import { FindingList } from '@/components/policy/finding-list'
import { NoPolicies } from '@/components/policy/no-policies'
import { PolicyMatrix } from '@/components/policy/policy-matrix'
import { PolicyShares } from '@/components/policy/policy-shares'
import { CatalogAges } from '@/components/search/catalog-ages'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { type PolicyReport, readPolicyReport } from '@/lib/data/policy/read-policy-report'
import { visitor } from '@/lib/data/visitor'
import { formatCount, plural } from '@/lib/format/bytes'
import { attempt } from '@/lib/problem/attempt'
import { loadPolicyParams } from '@/lib/routes/policy-page'

export const metadata: Metadata = { title: 'Policy' }

export default async function PolicyPage({ searchParams }: PageProps<'/policy'>) {
  const state = await loadPolicyParams(searchParams)
  const actor = await visitor()
  const read = await attempt(() => readPolicyReport(actor, state))
  const report = read.ok ? read.value : undefined
  return (
    <>
      <header className="mb-4">
        <h1 className="text-xl font-semibold tracking-tight">{report ? titleOf(report) : 'Policy'}</h1>
        {report && (
          <p className="mt-1 flex flex-wrap items-baseline gap-x-4 text-xs text-muted">
            {report.total > 0 && (
              <span>
                {plural(report.total, 'finding')} in {plural(report.repositories, 'repository', 'repositories')}
              </span>
            )}
            <CatalogAges ages={report.ages} />
          </p>
        )}
      </header>
      {!read.ok && <ProblemNotice problem={read.problem} />}
      {read.ok && !report && <NoPolicies />}
      {report && (
        <>
          <PolicyMatrix report={report} state={state} />
          {report.total > 0 && (
            <>
              <PolicyShares report={report} state={state} />
              <FindingList report={report} state={state} />
            </>
          )}
        </>
      )}
    </>
  )
}

function titleOf({ brokenImages, checkedImages, isComplete }: PolicyReport): string {
  if (checkedImages === 0) return 'No images to check yet'
  if (brokenImages === 0) return `${plural(checkedImages, 'image')} checked, none breaks a policy`
  const verb = brokenImages === 1 ? 'breaks' : 'break'
  const count = `${formatCount(brokenImages)} of ${plural(checkedImages, 'image')} ${verb} a policy`
  return isComplete ? count : `At least ${count}`
}
