import { showToast } from '@/components/ui/toast'
import type { RestoredOne } from '@/lib/data/trash/restore-many'
import { plural } from '@/lib/format/bytes'
import { leftTagsText } from '@/lib/format/left-tags-text'

/** Says which changes are undone, and which tags stay where they are all the same. @returns those that aren't undone */
export function showUndone(outcomes: readonly RestoredOne[], where?: string): readonly (RestoredOne & { ok: false })[] {
  const undone = outcomes.filter((one) => one.ok)
  const left = undone.flatMap((one) => one.left.map(({ tag }) => tag))
  const description = [where, left.length > 0 && leftTagsText(left)].filter(Boolean).join('. ')
  if (undone.length > 0)
    showToast({ tone: 'good', title: `${plural(undone.length, 'change')} undone`, ...(description && { description }) })
  return outcomes.filter((one) => !one.ok)
}
