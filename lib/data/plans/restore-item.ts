import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import { removeTag } from '../changes/delete-tag.ts'
import { restoreChange } from '../changes/undo.ts'
import type { ItemTurn } from './delete-item.ts'
import { unlabel } from './label-item.ts'
import type { PlanItem } from './plan.ts'
import type { ItemResult } from './plan-store.ts'
import { CREATED } from './retag-item.ts'

/**
 * Puts back everything that an item has changed, or as much as there is time for. What could not be put back can be
 * tried again.
 * @throws AccessError
 */
export async function restoreItem(actor: Actor, place: Place, item: PlanItem, turn: ItemTurn): Promise<ItemResult> {
  const { removed } = item
  const left = new Set(item.undo)
  // As long as some of its tags are still to be deleted it waits for that.
  const outcome = item.outcome ?? 'waiting'
  try {
    await mapConcurrent(item.undo, async (id, index) => {
      if (index > 0 && !(await turn.next())) return
      if (id === CREATED) await removeCreated(actor, place, item)
      else if (item.kind === 'label') await unlabel(actor, place, id)
      else await restoreChange(actor, { ...place, change: id })
      left.delete(id)
    })
    if (left.size > 0) return { outcome, removed, undo: [...left] }
    // Also those of its tags that were restored before, on their own.
    return { outcome: 'restored', removed: item.outcome === 'untagged' ? item.tags : removed, undo: [] }
  } catch (error) {
    if (!isRegistryError(error)) throw error
    return { outcome, removed, undo: [...left], detail: `Not restored: ${problemOf(error).detail}` }
  }
}

/** A tag that didn't exist before is deleted again, if it still points at the plan's image. */
async function removeCreated(actor: Actor, place: Place, { tags, digest }: PlanItem): Promise<void> {
  const [tag] = tags.map(parseTag)
  if (!tag) return
  const deletion = { ...place, tag, expect: parseDigest(digest), siblings: [], strategy: 'allow-replace' } as const
  const { outcome, reason } = await removeTag(actor, deletion)
  if (outcome !== 'deleted' && outcome !== 'replaced-then-deleted')
    throw new RegistryError('conflict', reason ?? `${tag} couldn’t be deleted`)
}
