import 'server-only'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { type Descriptor, UNKNOWN_SIZE } from '../../oci/descriptor.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import type { TagSource } from '../../registry/resolve-tags.ts'

/** Milliseconds. */
const SEEN_WITHIN = 120_000

export interface TagsSeenLately extends TagSource {
  /** Milliseconds since the first of the answers that were given was seen. */
  readonly age: number
}

/**
 * Where the tags of a repository point, for a person to look at: as listed now, and as the catalog has seen each of them
 * lately. Others are asked for, and so is the one that it is all about. Never for a deletion itself.
 */
export async function tagsSeenLately(repository: Repository, about: Selector): Promise<TagsSeenLately> {
  const seen = await seenLately(repository)
  let age = 0
  return {
    tags: (options) => repository.tags(options),
    async resolve(tag, options) {
      const known = tag === about ? undefined : seen.get(tag)
      if (!known) return repository.resolve(tag, options)
      age = Math.max(age, known.age)
      return known.descriptor
    },
    get age() {
      return age
    },
  }
}

async function seenLately(
  repository: Repository,
): Promise<Map<Tag, { readonly descriptor: Descriptor; readonly age: number }>> {
  const { catalog } = catalogOf(repository.registry)
  const place = placeOf(repository)
  const list = (await catalog.tags(place))?.value
  const records = list ? await catalog.tagRecords(place, [...list.tags, ...list.folded]) : []
  const seen = new Map<Tag, { readonly descriptor: Descriptor; readonly age: number }>()
  for (const [tag, { value, age }] of records) {
    if (!value.ok || age > SEEN_WITHIN) continue
    const { digest, mediaType, manifestBytes = UNKNOWN_SIZE } = value.summary
    seen.set(tag, { descriptor: { digest, mediaType, size: manifestBytes }, age })
  }
  return seen
}
