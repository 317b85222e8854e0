import type { PlanPage } from '@/lib/data/plans/read-plan'
import { formatCount, plural } from '@/lib/format/bytes'

/** The heading answers what the page is about. */
export function titleOf({ plan, counts: { planned, imagesDeleted, done, restored } }: PlanPage): string {
  const from = `from ${plan.repository}`
  switch (plan.state) {
    case 'draft':
    case 'checking':
      return imagesDeleted.images > 0
        ? `Delete ${plural(planned.tags, 'tag')} and ${plural(imagesDeleted.images, 'image')} ${from}`
        : `Delete ${plural(planned.tags, 'tag')} ${from}`
    case 'running':
      return `Deleting ${plural(planned.tags, 'tag')} ${from}`
    case 'paused':
      return `Paused: deleted ${formatCount(done.tags)} of ${plural(planned.tags, 'tag')} ${from}`
    case 'cancelled':
      return plan.startedAt
        ? `Cancelled: deleted ${formatCount(done.tags)} of ${plural(planned.tags, 'tag')} ${from}`
        : `Cancelled plan: nothing was deleted ${from}`
    case 'finished':
      return `Deleted ${formatCount(done.tags)} of ${plural(planned.tags, 'tag')} ${from}`
    case 'undoing':
      return `Restoring tags of ${plan.repository}`
    case 'undone':
      return `Restored ${plural(restored.tags, 'tag')} of ${plan.repository}`
  }
}

/** What stays and why, or what is left to do. */
export function introOf({ plan, counts }: PlanPage): string {
  const { imagesKept, protected: locked, skipped, unticked, failed, moved, waiting } = counts
  switch (plan.state) {
    case 'draft':
    case 'checking': {
      const left = locked.tags + skipped.tags + unticked.tags
      const parts = [
        plan.query && `Tags that match ${plan.query}.`,
        imagesKept.images > 0 &&
          `${plural(imagesKept.images, 'image')} ${imagesKept.images === 1 ? 'stays because another tag keeps it' : 'stay because other tags keep them'}.`,
        left > 0 && `${plural(left, 'tag')} ${left === 1 ? 'is' : 'are'} left alone.`,
        'Nothing has been deleted yet.',
      ]
      return parts.filter(Boolean).join(' ')
    }
    case 'running':
    case 'undoing':
      return 'You can leave this page: the job goes on and stays under Jobs.'
    case 'paused':
      return `${plural(waiting.tags, 'tag')} ${waiting.tags === 1 ? 'is' : 'are'} still waiting.`
    default: {
      const parts = [
        failed.tags > 0 && `${plural(failed.tags, 'tag')} failed.`,
        moved.tags > 0 &&
          `${plural(moved.tags, 'tag')} changed after the plan was made and ${moved.tags === 1 ? 'was' : 'were'} left alone.`,
        waiting.tags > 0 &&
          plan.startedAt &&
          `${plural(waiting.tags, 'tag')} ${waiting.tags === 1 ? 'was' : 'were'} not tried.`,
      ].filter(Boolean)
      return parts.length > 0 ? parts.join(' ') : 'Every tag of the plan is done.'
    }
  }
}
