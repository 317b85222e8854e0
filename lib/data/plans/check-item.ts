import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { PlanItem } from './plan.ts'

/**
 * Why an item could not be deleted as it was planned.
 * @param going digests of the images that the plan deletes
 */
export function checkItem(
  watch: TagWatch,
  { digest: planned, kind, tags, was }: PlanItem,
  going: ReadonlySet<string> = new Set(),
): string | undefined {
  const digest = parseDigest(planned)
  if (kind === 'create' || kind === 'move') {
    const now = watch.digestOf(tags[0] ?? '')
    if (now === was) return undefined
    return was === undefined
      ? `${tags[0]} was created after the plan was made`
      : `${tags[0]} moved or was deleted after the plan was made`
  }
  const now = watch.tagsOn(digest)
  const moved = tags.filter((tag) => !now.some((one) => one === tag))
  if (moved.length > 0) return `${moved.join(', ')} moved or was deleted after the plan was made`
  if (kind !== 'image') return undefined
  if (tags.length === 0 && watch.indexesOf(digest).length > 0)
    return `${watch.tagsOn(watch.indexesOf(digest)[0] ?? digest)[0]} lists this image since the plan was made`
  const added = now.filter((tag) => !tags.includes(tag))
  if (added.length > 0) return `${added.join(', ')} was added to this image after the plan was made`
  const index = watch.indexesOf(digest).find((one) => !going.has(one))
  return index && partOf(index, watch.tagsOn(index))
}

/** Why a platform of an index stays that the plan doesn't delete. @param tags on the index */
export function partOf(index: Digest, [tag]: readonly Tag[]): string {
  return `A platform of ${tag ?? index}, which is kept`
}
