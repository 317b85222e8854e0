import { Link } from '@/components/ui/link'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { repositoryHref } from '@/lib/routes/href'

/** Accounts for every tag of the repository that the plan didn't delete. */
export function PlanLeft({ page: { plan, counts, protectedBy } }: { page: PlanPage }) {
  const { protected: locked, skipped, unticked, planned, failed, moved, waiting } = counts
  const inPlan = planned.tags + locked.tags + skipped.tags + unticked.tags
  const rows = [
    {
      name: 'Not selected',
      count: Math.max(0, plan.tagsBefore - inPlan),
      why: plan.query
        ? `didn’t match ${plan.query}${plan.leftOut > 0 ? ', or were left out' : ''}`
        : 'not among the tags that were chosen',
    },
    { name: 'Protected', count: locked.tags, why: protectedBy.join('; ') },
    { name: 'Skipped by the plan', count: skipped.tags, why: 'moved, unreadable, or part of an image that stays' },
    { name: 'Deselected in the plan', count: unticked.tags, why: `on ${plural(unticked.images, 'image')}` },
    { name: 'Failed or skipped in the run', count: failed.tags + moved.tags, why: 'listed above' },
    { name: 'Not tried', count: waiting.tags, why: 'the run was paused or cancelled first' },
  ].filter(({ count }) => count > 0)
  return (
    <section aria-labelledby="left" className="mt-6">
      <h2 id="left" className="mb-2 text-sm font-semibold">
        What’s left in {plan.repository}
      </h2>
      <div className="overflow-hidden rounded-xl border bg-surface text-sm shadow-xs">
        <table className="w-full">
          <thead className="border-b bg-sunken/60 text-left text-xs text-muted">
            <tr>
              <th scope="col" className="px-4 py-2 font-medium">
                Tags
              </th>
              <th scope="col" className="px-4 py-2 text-right font-medium">
                Count
              </th>
              <th scope="col" className="px-4 py-2 font-medium">
                Why
              </th>
            </tr>
          </thead>
          <tbody className="divide-y">
            {rows.map(({ name, count, why }) => (
              <tr key={name}>
                <th scope="row" className="px-4 py-2 text-left font-medium">
                  {name}
                </th>
                <td className="px-4 py-2 text-right tabular">{formatCount(count)}</td>
                <td className="px-4 py-2 text-muted [overflow-wrap:anywhere]">{why}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="flex flex-wrap justify-between gap-2 border-t bg-sunken/60 px-4 py-2 text-xs text-muted tabular">
          {plan.verified && !plan.verified.problem
            ? `${plural(plan.verified.tagsNow, 'tag')} now, ${formatCount(plan.tagsBefore)} before`
            : `${plural(plan.tagsBefore, 'tag')} before`}
          <Link href={repositoryHref(plan)} className="text-accent underline-offset-2 hover:underline">
            Show tags
          </Link>
        </p>
      </div>
    </section>
  )
}
