import { Notice } from '@/components/ui/notice'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatSecond } from '@/lib/format/time'

/** Why a plan makes no progress, and when it goes on. */
export function PlanWaiting({ page: { plan, waits } }: { page: PlanPage }) {
  switch (waits?.on) {
    case 'jobs':
      return (
        <Notice title="Waiting for other jobs" className="mb-4">
          This plan starts as soon as one of them ends.
        </Notice>
      )
    case 'repository':
      return (
        <Notice title={`Waiting for another change in ${plan.repository}`} className="mb-4">
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
