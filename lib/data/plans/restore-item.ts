import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError, RegistryError } from '../../registry/errors.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { removeTag } from '../changes/delete-tag.ts'
import { restoreChange, restoredTags } from '../changes/undo.ts'
import { recordWritten } from '../sync/recheck.ts'
import type { ItemTurn } from './delete-item.ts'
import { unlabel } from './label-item.ts'
import type { PlanItem } from './plan.ts'
import type { ItemResult } from './record-outcome.ts'
import { CREATED } from './retag-item.ts'
import { undoneItem } from './undone-item.ts'

interface Restoring {
  /** Tags that earlier turns of the item have left; those of this one are added. */
  readonly stayed: Set<string>
  /** Blobs that the registry has sent in this round, which images share. */
  readonly served: Set<Digest>
}

/**
 * Puts back everything that an item has changed, or as much as there is time for. Tags that are in use again stay where
 * they are, and are named; what else could not be put back can be tried again.
 * @throws AccessError
 */
export async function restoreItem(
  actor: Actor,
  place: Place,
  item: PlanItem,
  turn: ItemTurn,
  { stayed, served }: Restoring,
): Promise<ItemResult> {
  const undo = new Set(item.undo)
  const back = new Set<string>()
  let failure: RegistryError | undefined
  await mapConcurrent(item.undo, async (id, index) => {
    if (index > 0 && (failure || !(await turn.next()))) return
    try {
      const { tags, left } = await undoOne(actor, place, item, id, served)
      for (const tag of tags) back.add(tag)
      for (const tag of left) stayed.add(tag)
      undo.delete(id)
    } catch (error) {
      if (!isRegistryError(error)) throw error
      failure ??= error
    }
  })
  const isUntagged = item.outcome === 'untagged'
  const removed = isUntagged ? item.removed.filter((tag) => !back.has(tag)) : item.removed
  if (undo.size === 0) return undoneItem(item, isUntagged ? removed : [...stayed])
  // As long as some of its tags are still to be deleted it waits for that.
  const left = { outcome: item.outcome ?? 'waiting', removed, undo: [...undo] } as const
  return failure ? { ...left, detail: `Not restored: ${problemOf(failure).detail}` } : left
}

/** @returns tags that are back, and those that were left */
async function undoOne(
  actor: Actor,
  place: Place,
  item: PlanItem,
  id: string,
  served: Set<Digest>,
): Promise<{ readonly tags: readonly string[]; readonly left: readonly string[] }> {
  if (item.kind === 'label') {
    await unlabel(actor, place, id)
    return { tags: [], left: [] }
  }
  try {
    if (id === CREATED) {
      await removeCreated(actor, place, item)
      return { tags: item.tags, left: [] }
    }
    const { digest, tags, left } = await restoreChange(actor, { ...place, change: id }, served)
    await recordWritten(actor, place, tags.map(parseTag), digest)
    return { tags, left: left.map(({ tag }) => tag) }
  } catch (error) {
    if (!isRegistryError(error, 'conflict')) throw error
    // A new tag that somebody else has deleted.
    if (id === CREATED && error.found === 'absent') return { tags: item.tags, left: [] }
    const entry = id === CREATED ? undefined : await changeJournal().entry(id)
    return { tags: [], left: entry ? restoredTags(entry) : item.tags }
  }
}

/** A tag that didn't exist before is deleted again, if it still points at the plan's image. */
async function removeCreated(actor: Actor, place: Place, { tags, digest }: PlanItem): Promise<void> {
  const [tag] = tags.map(parseTag)
  if (!tag) return
  const deletion = { ...place, tag, expect: parseDigest(digest), siblings: [], strategy: 'allow-replace' } as const
  const { outcome, reason } = await removeTag(actor, deletion)
  if (outcome !== 'deleted' && outcome !== 'replaced-then-deleted')
    throw new RegistryError('unsupported', reason ?? `${tag} couldn’t be deleted`)
}
