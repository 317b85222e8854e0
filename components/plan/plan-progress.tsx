import { CircleCheck, CircleDashed, CircleX, SkipForward } from 'lucide-react'
import { Time } from '@/components/ui/time'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount } from '@/lib/format/bytes'

/** How far a run is, by outcome. */
export function PlanProgress({ page: { plan, counts } }: { page: PlanPage }) {
  const { planned, done, failed, moved, waiting, restored, undoable } = counts
  const isUndo = plan.state === 'undoing'
  const total = isUndo ? restored.tags + undoable.tags : planned.tags
  const ended = isUndo ? restored.tags : planned.tags - waiting.tags
  const parts = isUndo
    ? [{ Icon: CircleCheck, count: restored.tags, text: 'restored', bar: 'bg-good', tone: 'text-good' }]
    : [
        { Icon: CircleCheck, count: done.tags, text: 'deleted', bar: 'bg-good', tone: 'text-good' },
        { Icon: CircleX, count: failed.tags, text: 'failed', bar: 'bg-danger', tone: 'text-danger' },
        { Icon: SkipForward, count: moved.tags, text: 'skipped', bar: 'bg-faint', tone: 'text-muted' },
      ]
  const left = isUndo ? undoable.tags : waiting.tags
  return (
    <section aria-label="Progress" className="mb-4 rounded-xl border bg-surface px-4 py-3 shadow-xs">
      <p className="flex items-baseline justify-between gap-3">
        <span>
          <span className="text-lg font-semibold tabular">{formatCount(ended)}</span>{' '}
          <span className="text-sm text-muted">of {formatCount(total)} tags</span>
        </span>
        <span className="text-xs text-muted tabular">{total > 0 ? Math.floor((ended / total) * 100) : 0} %</span>
      </p>
      <div
        role="progressbar"
        aria-label={isUndo ? 'Restored' : 'Deleted'}
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
          {formatCount(left)} waiting
        </span>
        {plan.startedAt && (
          <span className="ms-auto">
            Started <Time iso={plan.startedAt} />
          </span>
        )}
      </p>
    </section>
  )
}
