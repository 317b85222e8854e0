import { Link } from '@/components/ui/link'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'
import { repositoryHref } from '@/lib/routes/href'
import { leftRows } from './left-rows'
import { hasRestored } from './plan-words'

/** Accounts for every tag of the repository that the plan didn't delete. */
export function PlanLeft({ page }: { page: PlanPage }) {
  const { plan } = page
  const rows = leftRows(page)
  return (
    <section aria-labelledby="left" className="mt-6">
      <h2 id="left" className="mb-2 text-sm font-semibold">
        What’s left in {plan.repository}
      </h2>
      <div className="overflow-hidden rounded-xl border bg-surface text-sm shadow-xs">
        <table className="w-full">
          {rows.length > 0 && (
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
          )}
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
          {plan.verified && !plan.verified.problem && !hasRestored(page)
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
