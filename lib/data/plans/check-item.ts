import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { parseDigest } from '../../oci/digest.ts'
import type { PlanItem } from './plan.ts'

/** Why an item could not be deleted as it was planned. */
export function checkItem(watch: TagWatch, { digest: planned, kind, tags }: PlanItem): string | undefined {
  const digest = parseDigest(planned)
  const now = watch.tagsOn(digest)
  const moved = tags.filter((tag) => !now.some((one) => one === tag))
  if (moved.length > 0) return `${moved.join(', ')} moved or was deleted after the plan was made`
  if (kind !== 'image') return undefined
  const added = now.filter((tag) => !tags.includes(tag))
  if (added.length > 0) return `${added.join(', ')} points at this image since the plan was made`
  return undefined
}
