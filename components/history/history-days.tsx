import { Link } from '@/components/ui/link'
import type { RepositoryHistory } from '@/lib/data/history/read-history'
import { plural } from '@/lib/format/bytes'
import { formatDay } from '@/lib/format/time'

const HEIGHT = 40
const DAY = 86_400_000

interface HistoryDaysProps extends Pick<RepositoryHistory, 'days'> {
  /** The day that is shown: `2026-11-12`. */
  selected?: string
  /** Where a day leads. */
  hrefOf: (day: string) => string
}

/** A bar for each of the last days: what appeared or moved, and on top what was deleted. */
export function HistoryDays({ days, selected, hrefOf }: HistoryDaysProps) {
  const most = Math.max(1, ...days.map(({ came, went }) => came + went))
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(2, Math.round((count / most) * HEIGHT)))
  const nameOf = (day: number) => formatDay(isoDay(day), Date.now())
  const [first, last] = [days[0], days.at(-1)]
  const total = days.reduce((sum, { came, went }) => sum + came + went, 0)
  return (
    <figure className="rounded-xl border bg-surface px-4 py-3 shadow-xs">
      <figcaption className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        <Key className="bg-accent">Appeared or moved</Key>
        <Key className="bg-danger">Deleted</Key>
        <span className="ml-auto">
          {plural(total, 'change')} in {days.length} days. Choose a day to see the tags as they were.
        </span>
      </figcaption>
      <div aria-hidden className="flex items-end gap-px sm:gap-0.5" style={{ height: HEIGHT + 2 }}>
        {days.map(({ day, came, went }) => (
          // A field beside it chooses a day by keyboard.
          <Link
            key={day}
            href={hrefOf(isoDay(day))}
            tabIndex={-1}
            data-selected={selected === isoDay(day) || undefined}
            className="flex h-full min-w-0 flex-1 flex-col justify-end rounded-xs hover:bg-sunken data-selected:bg-accent-soft data-selected:outline data-selected:outline-accent"
            title={`${nameOf(day)}: ${came} appeared or moved, ${went} deleted`}
          >
            <div className="bg-danger" style={{ height: heightOf(went) }} />
            <div className="bg-accent" style={{ height: heightOf(came) }} />
            <div className="h-px bg-line" />
          </Link>
        ))}
      </div>
      {first && last && (
        <p className="mt-1 flex justify-between text-2xs text-muted">
          <span>{nameOf(first.day)}</span>
          <span>{nameOf(last.day)}</span>
        </p>
      )}
    </figure>
  )
}

function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10)
}

function Key({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <i aria-hidden className={`size-2.5 rounded-xs ${className}`} />
      {children}
    </span>
  )
}
