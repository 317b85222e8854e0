import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { ProtectedError } from '../../access/protected-error.ts'
import { deleteWatchedImage } from '../../image/delete/delete-watched.ts'
import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { sentence } from '../../problem/sentence.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { change } from '../changes/change.ts'
import { removeTag } from '../changes/delete-tag.ts'
import type { PlanItem } from './plan.ts'
import type { ItemResult } from './plan-store.ts'

/** Deletes what an item of a plan names, if it still is what was planned. @throws AccessError */
export async function deleteItem(actor: Actor, place: Place, watch: TagWatch, item: PlanItem): Promise<ItemResult> {
  const digest = parseDigest(item.digest)
  const tags = item.tags.map(parseTag)
  if (item.kind === 'image') return deleteWholeImage(actor, place, watch, { digest, tags })
  return deleteSomeTags(actor, place, item, digest)
}

async function deleteWholeImage(
  actor: Actor,
  place: Place,
  watch: TagWatch,
  image: { readonly digest: Digest; readonly tags: readonly Tag[] },
): Promise<ItemResult> {
  try {
    const target = { ...place, tags: image.tags, audit: { before: image.digest } }
    const { undo } = await change(actor, 'delete', target, ({ repository, keep }) =>
      deleteWatchedImage(repository, watch, image, (manifest, tags) => keep.image(repository, manifest, tags)),
    )
    return { outcome: 'deleted', removed: image.tags, undo: undo ? [undo] : [] }
  } catch (error) {
    return failed(error)
  }
}

/** One by one, as each has a way back of its own. Those that an earlier run has deleted are left out. */
async function deleteSomeTags(actor: Actor, place: Place, item: PlanItem, digest: Digest): Promise<ItemResult> {
  const removed: string[] = [...item.removed]
  const undo: string[] = [...item.undo]
  const siblings = item.keptBy.map(parseTag)
  const left = item.tags.map(parseTag).filter((tag) => !removed.includes(tag))
  for (const tag of left) {
    try {
      const deletion = { ...place, tag, expect: digest, siblings, strategy: 'allow-replace' } as const
      const { outcome, reason, undo: back, verified, problems } = await removeTag(actor, deletion)
      if (outcome !== 'deleted' && outcome !== 'replaced-then-deleted')
        return {
          outcome: removed.length > 0 ? 'partly' : 'failed',
          removed,
          undo,
          detail: reason ?? 'It was put back.',
        }
      removed.push(tag)
      if (back) undo.push(back)
      if (!verified) return { outcome: 'partly', removed, undo, detail: sentence(problems.join('; ')) }
    } catch (error) {
      const result = failed(error)
      return { ...result, removed, undo, ...(removed.length > 0 && { outcome: 'partly' }) }
    }
  }
  return { outcome: 'untagged', removed, undo }
}

/** A tag that isn't what was planned was left alone; everything else is a failure. @throws AccessError */
function failed(error: unknown): ItemResult {
  const none = { removed: [], undo: [] }
  if (isRegistryError(error, 'conflict'))
    return {
      outcome: 'moved',
      ...none,
      detail: `${sentence(error.message)} Not what the plan had seen, so it was left alone.`,
    }
  if (error instanceof ProtectedError)
    return { outcome: 'moved', ...none, detail: `${sentence(error.message)} It was left alone.` }
  if (!isRegistryError(error)) throw error
  return { outcome: 'failed', ...none, detail: problemOf(error).detail }
}
