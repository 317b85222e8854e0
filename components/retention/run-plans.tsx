import { Breakable } from '@/components/ui/breakable'
import { Link } from '@/components/ui/link'
import type { RunPlan } from '@/lib/data/retention/runs'
import { formatCount, plural } from '@/lib/format/bytes'
import { planHref } from '@/lib/routes/href'

/** Plans that are shown at once, and as many as there are in the page at all. */
const SHOWN = 5
const MOST = 500

/** What a run deleted by repository: each plan has its own undo. */
export function RunPlans({ plans }: { plans: readonly RunPlan[] }) {
  if (plans.length === 0) return null
  const others = plans.slice(SHOWN, MOST)
  return (
    <div className="mt-1 text-xs">
      <PlanList plans={plans.slice(0, SHOWN)} />
      {others.length > 0 && (
        <details>
          <summary className="cursor-pointer py-0.5 text-muted hover:text-ink">
            {plural(plans.length - SHOWN, 'more plan')}
          </summary>
          <PlanList plans={others} />
          {plans.length > MOST && (
            <p className="text-muted">and {formatCount(plans.length - MOST)} more, in the audit log</p>
          )}
        </details>
      )}
    </div>
  )
}

function PlanList({ plans }: { plans: readonly RunPlan[] }) {
  return (
    <ul>
      {plans.map(({ id, registry, repository, deleted }) => (
        <li key={id} className="flex flex-wrap justify-between gap-x-3 py-0.5">
          <Link href={planHref(id)} className="text-accent underline-offset-2 hover:underline">
            <Breakable text={`${registry}/${repository}`} />
          </Link>
          <span className="text-muted tabular">{plural(deleted, 'tag')} deleted</span>
        </li>
      ))}
    </ul>
  )
}
