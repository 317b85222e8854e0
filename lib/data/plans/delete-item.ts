import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { deleteWatchedImage } from '../../image/delete/delete-watched.ts'
import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { sentence } from '../../problem/sentence.ts'
import type { Gate } from '../../registry/concurrent.ts'
import { change } from '../changes/change.ts'
import { removeTag } from '../changes/delete-tag.ts'
import { failedItem } from './failed-item.ts'
import type { Plan, PlanItem } from './plan.ts'
import type { ItemResult } from './plan-store.ts'

export interface Deleting {
  readonly watch: TagWatch
  /** For requests to the registry: an item that waits for the database takes no place of others. */
  readonly gate: Gate
}

/** Deletes an item of a plan, if it's unchanged since the plan was made. @throws AccessError */
export async function deleteItem(
  actor: Actor,
  { id, registry, repository }: Plan,
  deleting: Deleting,
  item: PlanItem,
): Promise<ItemResult> {
  const place = { registry, repository, plan: id }
  const digest = parseDigest(item.digest)
  const tags = item.tags.map(parseTag)
  if (item.kind === 'image') return deleteWholeImage(actor, place, deleting, { digest, tags })
  return deleting.gate(() => deleteSomeTags(actor, place, item, digest))
}

type PlannedPlace = Place & { readonly plan: string }

async function deleteWholeImage(
  actor: Actor,
  place: PlannedPlace,
  { watch, gate }: Deleting,
  image: { readonly digest: Digest; readonly tags: readonly Tag[] },
): Promise<ItemResult> {
  try {
    const target = { ...place, tags: image.tags, audit: { before: image.digest } }
    const { undo } = await change(actor, 'delete', target, ({ repository, keep }) =>
      gate(() =>
        deleteWatchedImage(repository, watch, image, (manifest, tags) => keep.image(repository, manifest, tags)),
      ),
    )
    return { outcome: 'deleted', removed: image.tags, undo: undo ? [undo] : [] }
  } catch (error) {
    return failedItem(error)
  }
}

/** One by one, because each is undone on its own. Tags deleted by an earlier run are skipped. */
async function deleteSomeTags(
  actor: Actor,
  { plan, ...place }: PlannedPlace,
  item: PlanItem,
  digest: Digest,
): Promise<ItemResult> {
  const removed: string[] = [...item.removed]
  const undo: string[] = [...item.undo]
  const siblings = item.keptBy.map(parseTag)
  const left = item.tags.map(parseTag).filter((tag) => !removed.includes(tag))
  for (const tag of left) {
    try {
      const deletion = { ...place, tag, expect: digest, siblings, strategy: 'allow-replace' } as const
      const { outcome, reason, undo: back, verified, problems } = await removeTag(actor, deletion, plan)
      if (outcome !== 'deleted' && outcome !== 'replaced-then-deleted')
        return {
          outcome: removed.length > 0 ? 'partly' : 'failed',
          removed,
          undo,
          detail: reason ?? 'It was restored.',
        }
      removed.push(tag)
      if (back) undo.push(back)
      if (!verified) return { outcome: 'partly', removed, undo, detail: sentence(problems.join('; ')) }
    } catch (error) {
      const result = failedItem(error)
      return { ...result, removed, undo, ...(removed.length > 0 && { outcome: 'partly' }) }
    }
  }
  return { outcome: 'untagged', removed, undo }
}
