import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { plural } from '../../format/bytes.ts'
import { deleteWatchedImage } from '../../image/delete/delete-watched.ts'
import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { sentence } from '../../problem/sentence.ts'
import { type Gate, mapConcurrent } from '../../registry/concurrent.ts'
import { change } from '../changes/change.ts'
import { removeTag } from '../changes/delete-tag.ts'
import { partOf } from './check-item.ts'
import { failedItem } from './failed-item.ts'
import type { Plan, PlanItem } from './plan.ts'
import type { ItemResult } from './record-outcome.ts'

export interface Deleting {
  readonly watch: TagWatch
  /** For requests to the registry: an item that waits for the database takes no place of others. */
  readonly gate: Gate
  /** Digests of the images that the plan still has to delete. */
  readonly going: ReadonlySet<string>
}

/** A turn of an item, which may have more tags than it can delete in it. */
export interface ItemTurn {
  /** Resolves when the plan's rate allows one more, after the first; to false once nothing further may begin. */
  next(): Promise<boolean>
}

/**
 * Deletes an item of a plan, if it's unchanged since the plan was made.
 * @returns `waiting` when its turn was over before all its tags were deleted
 * @throws AccessError
 */
export async function deleteItem(
  actor: Actor,
  { id, registry, repository }: Plan,
  deleting: Deleting,
  item: PlanItem,
  turn: ItemTurn,
): Promise<ItemResult> {
  const place = { registry, repository, plan: id }
  const digest = parseDigest(item.digest)
  const tags = item.tags.map(parseTag)
  if (item.kind === 'image') return deleteWholeImage(actor, place, deleting, { digest, tags })
  return deleteSomeTags(actor, place, item, { ...deleting, digest, turn })
}

type PlannedPlace = Place & { readonly plan: string }

async function deleteWholeImage(
  actor: Actor,
  place: PlannedPlace,
  { watch, gate, going }: Deleting,
  image: { readonly digest: Digest; readonly tags: readonly Tag[] },
): Promise<ItemResult> {
  const indexes = watch.indexesOf(image.digest)
  const kept = indexes.find((index) => !going.has(index))
  const left = { removed: [], undo: [] }
  if (kept) return { ...left, outcome: 'moved', detail: `${partOf(kept, watch.tagsOn(kept))}.` }
  const [index] = indexes
  if (index) {
    // Its deletion has failed: both can be retried.
    const detail = `A platform of ${watch.tagsOn(index)[0] ?? index}, which is still there.`
    return { ...left, outcome: 'failed', detail }
  }
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

interface SomeTags extends Deleting {
  readonly digest: Digest
  readonly turn: ItemTurn
}

/**
 * Each is a deletion of its own, and undone on its own. The first runs alone: it shows whether the registry spares the
 * others. Siblings are those that the image has now: others may have come since the plan was made, and what somebody
 * else has deleted isn't put back. Tags deleted earlier are skipped.
 */
async function deleteSomeTags(
  actor: Actor,
  place: PlannedPlace,
  item: PlanItem,
  { digest, watch, gate, turn }: SomeTags,
): Promise<ItemResult> {
  const removed = new Set(item.removed)
  const undo = [...item.undo]
  let failure: Failure | undefined
  const remove = async (tag: Tag, siblings: readonly Tag[]) => {
    const { isRemoved, back, ...ended } = await deleteOneTag(actor, place, tag, { digest, siblings, gate })
    if (isRemoved) removed.add(tag)
    if (back) undo.push(back)
    failure ??= ended.failure
  }
  const planned = new Set<string>(item.tags)
  const onImage = new Set(watch.tagsOn(digest))
  const kept = [...onImage].filter((tag) => !planned.has(tag))
  const left = item.tags.map(parseTag).filter((tag) => !removed.has(tag))
  const [first = left[0], ...others] = left.filter((tag) => onImage.has(tag))
  if (first !== undefined) await remove(first, [...kept, ...others])
  await mapConcurrent(others, async (tag) => {
    if (!failure && (await turn.next()) && !failure) await remove(tag, kept)
  })
  const moved = left.filter((tag) => !onImage.has(tag) && !removed.has(tag))
  const done = { removed: [...removed], undo }
  if (failure) return { ...failure, ...done, ...(removed.size > 0 && { outcome: 'partly' }) }
  if (removed.size + moved.length < item.tags.length) return { ...done, outcome: 'waiting' }
  return moved.length > 0 ? { ...done, outcome: 'moved', detail: leftAlone(moved) } : { ...done, outcome: 'untagged' }
}

const NAMES = new Intl.ListFormat('en-GB')
const NAMED = 5

function leftAlone(tags: readonly Tag[]): string {
  const more = tags.length - NAMED
  const names = [...tags.toSorted().slice(0, NAMED), ...(more > 0 ? [plural(more, 'other tag')] : [])]
  const [was, it] = tags.length === 1 ? ['was', 'it was'] : ['were', 'they were']
  return `${NAMES.format(names)} moved or ${was} deleted after the plan was made, so ${it} left alone.`
}

type Failure = Pick<ItemResult, 'outcome' | 'detail' | 'refusal'>

interface TagRemoval {
  readonly isRemoved: boolean
  /** What undoes it. */
  readonly back?: string | undefined
  readonly failure?: Failure
}

async function deleteOneTag(
  actor: Actor,
  { plan, ...place }: PlannedPlace,
  tag: Tag,
  { digest, siblings, gate }: { readonly digest: Digest; readonly siblings: readonly Tag[]; readonly gate: Gate },
): Promise<TagRemoval> {
  try {
    const deletion = { ...place, tag, expect: digest, siblings, strategy: 'allow-replace' } as const
    const { outcome, reason, undo: back, verified, problems } = await removeTag(actor, deletion, { plan, gate })
    if (outcome !== 'deleted' && outcome !== 'replaced-then-deleted')
      return { isRemoved: false, failure: { outcome: 'failed', detail: reason ?? 'It was restored.' } }
    if (verified) return { isRemoved: true, back }
    return {
      isRemoved: true,
      back,
      failure: { outcome: 'partly', detail: sentence(problems.join('; '), [tag, ...siblings]) },
    }
  } catch (error) {
    return { isRemoved: false, failure: failedItem(error) }
  }
}
