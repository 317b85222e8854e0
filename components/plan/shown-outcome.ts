import type { Outcome } from '@/lib/data/plans/plan'
import type { PlanPage } from '@/lib/data/plans/read-plan'

type Item = Pick<PlanPage['items'][number], 'kind' | 'tags' | 'removed'>

/**
 * What became of the tags in a row, which is about an image or about one of its tags: some may have been left alone, and
 * some restored since.
 */
export function shownOutcome(
  { kind, tags, removed }: Item,
  outcome: Outcome,
): Outcome | 'part-moved' | 'part-restored' {
  if (kind === 'image' && outcome === 'untagged') return 'part-restored'
  if (kind !== 'tags') return outcome
  if (outcome === 'moved')
    return removed.length === tags.length ? 'untagged' : removed.length > 0 ? 'part-moved' : outcome
  if (outcome === 'untagged' && removed.length < tags.length) return removed.length > 0 ? 'part-restored' : 'restored'
  return outcome
}
