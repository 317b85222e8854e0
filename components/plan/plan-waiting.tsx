import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import type { JobAhead } from '@/lib/data/plans/plan-wait'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatSecond } from '@/lib/format/time'
import { jobsHref, planHref } from '@/lib/routes/href'

/** Why a plan makes no progress, and when it goes on. */
export function PlanWaiting({ page: { plan, waits } }: { page: PlanPage }) {
  switch (waits?.on) {
    case 'jobs':
      return waits.ahead ? (
        <Notice
          title={
            <>
              Waiting for <JobAheadLink job={waits.ahead} />
            </>
          }
          className="mb-4"
        >
          Each person’s jobs run one after another. This plan starts as soon as that one has ended.
        </Notice>
      ) : (
        <Notice title="Waiting for other jobs" className="mb-4">
          As many are running as Lading runs at once. This plan starts as soon as one of them ends.
        </Notice>
      )
    case 'repository':
      return (
        <Notice
          title={
            waits.ahead ? (
              <>
                Waiting for <JobAheadLink job={waits.ahead} />
              </>
            ) : (
              `Waiting for another change in ${plan.repository}`
            )
          }
          className="mb-4"
        >
          Plans of a repository run one after another. This one starts as soon as the other has ended.
        </Notice>
      )
    case 'registry':
      return (
        <Notice tone="warn" title={`${waits.registry} is limiting requests`} className="mb-4">
          It asks to wait until {formatSecond(waits.until)}. The plan continues then.
        </Notice>
      )
    case undefined:
      return null
  }
}

const KINDS: Readonly<Record<string, string>> = {
  plan: 'another plan',
  copy: 'a copy',
  'copy-tags': 'a copy',
  sync: 'a sync',
}

/** `another plan in team-a/tools`, `a copy of …` */
function JobAheadLink({ job: { kind, registry, repository, plan } }: { job: JobAhead }) {
  const place = repository ?? registry
  return (
    <Link href={plan === undefined ? jobsHref : planHref(plan)} className="underline underline-offset-2">
      {KINDS[kind] ?? 'a check'}
      {place !== undefined && ` ${kind === 'plan' ? 'in' : 'of'} ${place}`}
    </Link>
  )
}
