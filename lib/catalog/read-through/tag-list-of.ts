import { isReferrersTag } from '../../image/referrers/referrers-tag.ts'
import type { Tag } from '../../oci/reference.ts'
import type { ListEnd } from '../../registry/listing.ts'
import type { TagList } from '../catalog.ts'

/** A registry's list of tags as the catalog keeps it. */
export function tagListOf(items: readonly Tag[], end: ListEnd): TagList {
  const folded = items.filter(isReferrersTag)
  return {
    tags: folded.length > 0 ? items.filter((tag) => !isReferrersTag(tag)) : items,
    folded,
    ...partialOf(end),
    ...(end.pushed && { pushed: end.pushed }),
  }
}

export function partialOf(end: ListEnd): { readonly partial?: string } {
  return end.complete ? {} : { partial: end.reason }
}
