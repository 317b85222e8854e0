import { leftTagsText } from '../../format/left-tags-text.ts'
import type { Outcome, PlanItem } from './plan.ts'
import type { ItemResult } from './record-outcome.ts'

/**
 * An item that has nothing left to undo.
 * @param left its tags that are in use again: it's there without them
 */
export function undoneItem(
  { outcome, tags, removed }: Pick<PlanItem, 'outcome' | 'tags' | 'removed'>,
  left: readonly string[],
): ItemResult & { readonly outcome: Outcome } {
  // Also those of its tags that were restored before, on their own.
  if (left.length === 0) return { outcome: 'restored', removed: outcome === 'untagged' ? tags : removed, undo: [] }
  const isDeleted = outcome === 'deleted' || outcome === 'untagged'
  const now = isDeleted ? 'untagged' : (outcome ?? 'moved')
  return { outcome: now, removed: left, undo: [], detail: leftTagsText(left) }
}
