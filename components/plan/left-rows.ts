import type { PlanPage } from '@/lib/data/plans/read-plan'
import { plural } from '@/lib/format/bytes'

interface LeftRow {
  readonly name: string
  readonly count: number
  readonly why: string
}

/** The repository's tags that the plan didn't delete or that are back, by reason. */
export function leftRows({ plan, counts, protectedBy }: Pick<PlanPage, 'plan' | 'counts' | 'protectedBy'>): LeftRow[] {
  const { protected: locked, skipped, unticked, planned, failed, moved, waiting, restored } = counts
  const inPlan = planned.tags + locked.tags + skipped.tags + unticked.tags
  return [
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
    { name: 'Restored', count: restored.tags, why: 'from the trash or by an undo' },
    { name: 'Not tried', count: waiting.tags, why: 'the run was paused or cancelled first' },
  ].filter(({ count }) => count > 0)
}
