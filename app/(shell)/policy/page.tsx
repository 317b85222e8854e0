import type { Metadata } from 'next'
import type { PageProps } from '@/app/page-props'
import { FindingList } from '@/components/policy/finding-list'
import { NoPolicies } from '@/components/policy/no-policies'
import { PolicyMatrix } from '@/components/policy/policy-matrix'
import { PolicyShares } from '@/components/policy/policy-shares'
import { PolicyTrend } from '@/components/policy/policy-trend'
import { UnreadImages } from '@/components/policy/unread-images'
import { CatalogAges } from '@/components/search/catalog-ages'
import { RecordsNotice } from '@/components/shell/records-notice'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { maySeeSetup, withheldRegistry } from '@/lib/access/authorize'
import { type PolicyReport, readPolicyReport } from '@/lib/data/policy/read-policy-report'
import { visitor } from '@/lib/data/visitor'
import { formatCount, plural } from '@/lib/format/bytes'
import { attempt } from '@/lib/problem/attempt'
import { policyHref } from '@/lib/routes/href'
import { loadPolicyParams } from '@/lib/routes/page-params'
import { policyPageQuery } from '@/lib/routes/policy-page-query'

export const metadata: Metadata = { title: 'Policy' }

export default async function PolicyPage({ searchParams }: PageProps) {
  const state = await loadPolicyParams(searchParams)
  const actor = await visitor()
  const read = await attempt(() => readPolicyReport(actor, state), actor)
  const report = read.ok ? read.value : undefined
  return (
    <>
      <PageHead
        title={report ? titleOf(report) : 'Policy'}
        about={
          report && (
            <>
              {report.total > 0 && (
                <p>
                  {plural(report.total, 'finding')} in {plural(report.repositories, 'repository', 'repositories')}
                  {report.added > 0 && (
                    <>
                      .{' '}
                      <Link
                        href={policyHref(policyPageQuery({ since: 'week', page: 1 }))}
                        className="font-medium text-accent underline-offset-2 hover:underline"
                      >
                        {formatCount(report.added)} new this week
                      </Link>
                    </>
                  )}
                  {report.ended > 0 && `${report.added > 0 ? ', ' : '. '}${formatCount(report.ended)} fixed`}.
                </p>
              )}
              <CatalogAges ages={report.ages} />
            </>
          )
        }
      />
      <RecordsNotice registry={withheldRegistry(actor)} />
      {!read.ok && <ProblemNotice problem={read.problem} />}
      {read.ok && !report && <NoPolicies seesSetup={maySeeSetup(actor)} />}
      {report && (
        <>
          <UnreadImages unread={report.unread} />
          <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
            <PolicyMatrix report={report} state={state} />
            {report.trend && <PolicyTrend trend={report.trend} />}
          </div>
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

function titleOf({ brokenImages, checkedImages, isComplete, ages }: PolicyReport): string {
  if (checkedImages === 0) return 'No images to check yet'
  const isEverything = isComplete && ages.every(({ unread }) => unread === 0)
  if (brokenImages === 0)
    return `${plural(checkedImages, 'image')} checked${isEverything ? '' : ' so far'}, none breaks a policy`
  const verb = brokenImages === 1 ? 'breaks' : 'break'
  const count = `${formatCount(brokenImages)} of ${plural(checkedImages, 'image')} ${verb} a policy`
  return isEverything ? count : `At least ${count}`
}
