import { CircleCheck, CircleDashed, CircleX, SkipForward } from 'lucide-react'
import { Time } from '@/components/ui/time'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount } from '@/lib/format/bytes'
import { planCount, planUnit } from '@/lib/format/plan-unit'
import { formatDuration } from '@/lib/format/time'
import { mayContinue } from './plan-words'

/** A run's progress, by outcome. */
export function PlanProgress({ page: { plan, counts, waits, secondsLeft } }: { page: PlanPage }) {
  const { planned, done, failed, moved, waiting, restored, undoable } = counts
  const isUndo = plan.state === 'undoing'
  const { work } = plan
  const of = (count: typeof done) => planCount(work, count)
  const total = isUndo ? of(restored) + of(undoable) : of(planned)
  const ended = isUndo ? of(restored) : of(planned) - of(waiting)
  const parts = isUndo
    ? [
        {
          Icon: CircleCheck,
          count: of(restored),
          text: work === 'label' ? 'label removed' : 'restored',
          bar: 'bg-good',
          tone: 'text-good',
        },
      ]
    : [
        {
          Icon: CircleCheck,
          count: of(done),
          text: DONE[work],
          bar: 'bg-good',
          tone: 'text-good',
        },
        { Icon: CircleX, count: of(failed), text: 'failed', bar: 'bg-danger', tone: 'text-danger' },
        { Icon: SkipForward, count: of(moved), text: 'skipped', bar: 'bg-faint', tone: 'text-muted' },
      ]
  const left = of(isUndo ? undoable : waiting)
  // Which images other tags keep has to be known first.
  const isReading = !waits && !isUndo && work !== 'label' && ended === 0
  return (
    <section aria-label="Progress" className="mb-4 rounded-xl border bg-surface px-4 py-3 shadow-xs">
      <p className="flex items-baseline justify-between gap-3">
        <span>
          <span className="text-lg font-semibold tabular">{formatCount(ended)}</span>{' '}
          <span className="text-sm text-muted">
            of {formatCount(total)} {planUnit(work)}s
          </span>
        </span>
        <span className="text-xs text-muted tabular">{total > 0 ? Math.floor((ended / total) * 100) : 0}%</span>
      </p>
      <div
        role="progressbar"
        aria-label={isUndo ? 'Undone' : 'Done'}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={ended}
        className="my-2 flex h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        {parts.map(({ text, count, bar }) => (
          <span key={text} className={bar} style={{ width: `${total > 0 ? (count / total) * 100 : 0}%` }} />
        ))}
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted" role="status">
        {parts.map(({ Icon, text, count, tone }) => (
          <span key={text} className="flex items-center gap-1">
            <Icon aria-hidden className={`size-3.5 ${tone}`} />
            {formatCount(count)} {text}
          </span>
        ))}
        <span className="flex items-center gap-1">
          <CircleDashed aria-hidden className="size-3.5" />
          {formatCount(left)} {isUndo || mayContinue(plan) ? 'waiting' : 'not tried'}
        </span>
        {plan.startedAt && (
          <span className="ms-auto">
            {isReading && `All tags in ${plan.repository} are read before the first change. `}
            {!waits && secondsLeft !== undefined && `About ${formatDuration(roughly(secondsLeft))} left. `}
            {!isUndo && (
              <>
                Started <Time iso={plan.startedAt} />
              </>
            )}
          </span>
        )}
      </p>
    </section>
  )
}

const DONE: Readonly<Record<PlanPage['plan']['work'], string>> = {
  delete: 'deleted',
  retag: 'tagged',
  label: 'labelled',
  untagged: 'deleted',
}

/** Milliseconds, rounded to the precision of the estimate. */
function roughly(seconds: number): number {
  const step = seconds < 60 ? 5 : 60
  return Math.max(step, Math.ceil(seconds / step) * step) * 1000
}
