import { Time } from '@/components/ui/time'
import type { PolicyReport } from '@/lib/data/policy/read-policy-report'
import { formatCount, plural } from '@/lib/format/bytes'

const WIDTH = 320
const LINE = 90
const BARS = 34

/** One week makes no trend. */
function FirstWeek({ trend: { weeks, began } }: { trend: NonNullable<PolicyReport['trend']> }) {
  const [{ added, ended } = { added: 0, ended: 0 }] = weeks
  return (
    <section aria-labelledby="trend" className="rounded-xl border bg-surface px-4 py-3 text-sm shadow-xs">
      <h2 id="trend" className="font-medium">
        Findings, first week
      </h2>
      <p className="mt-1 text-muted">
        {formatCount(added)} new, {formatCount(ended)} fixed since <Time iso={new Date(began).toISOString()} />. A chart
        of the weeks follows when there are two.
      </p>
    </section>
  )
}

/** How many findings there were in the last weeks, and how many were new and fixed in each. */
export function PolicyTrend({ trend }: { trend: NonNullable<PolicyReport['trend']> }) {
  const { weeks, began } = trend
  const most = Math.max(1, ...weeks.map(({ total }) => total))
  const busiest = Math.max(1, ...weeks.flatMap(({ added, ended }) => [added, ended]))
  const step = WIDTH / weeks.length
  if (weeks.length < 2) return <FirstWeek trend={trend} />
  const points = weeks.map(({ total }, index) => `${(index + 0.5) * step},${LINE - (total / most) * (LINE - 8)}`)
  const [first, last] = [weeks[0], weeks.at(-1)]
  return (
    <figure className="rounded-xl border bg-surface px-4 py-3 text-sm shadow-xs">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-medium">Findings, {plural(weeks.length, 'week')}</span>
        {first && last && (
          <span className="text-xs text-muted tabular">
            {formatCount(first.total)} → {formatCount(last.total)}
          </span>
        )}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${LINE + 2 * BARS + 8}`} aria-hidden className="mt-2 w-full">
        <polyline points={points.join(' ')} fill="none" className="stroke-accent" strokeWidth={2} />
        {weeks.map(({ added, ended, age }, index) => (
          <g key={age} transform={`translate(${index * step + step * 0.15} ${LINE + BARS + 4})`}>
            <rect
              y={-(added / busiest) * BARS}
              width={step * 0.7}
              height={(added / busiest) * BARS}
              className="fill-warn"
            />
            <rect y={1} width={step * 0.7} height={(ended / busiest) * BARS} className="fill-good" />
          </g>
        ))}
      </svg>
      <p className="flex flex-wrap gap-x-4 text-xs text-muted">
        <span className="flex items-center gap-1.5">
          <i aria-hidden className="size-2.5 rounded-xs bg-warn" />
          new
        </span>
        <span className="flex items-center gap-1.5">
          <i aria-hidden className="size-2.5 rounded-xs bg-good" />
          fixed
        </span>
        <span className="ml-auto">
          watched since <Time iso={new Date(began).toISOString()} />
        </span>
      </p>
      <table className="sr-only">
        <caption>Findings by week</caption>
        <thead>
          <tr>
            <th scope="col">Weeks ago</th>
            <th scope="col">Findings</th>
            <th scope="col">New</th>
            <th scope="col">Fixed</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map(({ age, total, added, ended }) => (
            <tr key={age}>
              <th scope="row">{age}</th>
              <td>{total}</td>
              <td>{added}</td>
              <td>{ended}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
