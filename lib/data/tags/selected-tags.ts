import 'server-only'
import { z } from 'zod'
import { catalogOf } from '../../catalog/the-catalog.ts'
import type { Place } from '../../oci/place.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { assertCurrent } from '../changes/needs-registry.ts'
import { tag } from '../input.ts'
import { assertFinished } from '../search/finished-query.ts'
import { typedTags } from '../search/typed-names.ts'
import { TAG_LIST_AGE } from './tag-list-age.ts'

/** Tags that one piece of work can take. */
export const MAX_TAGS = 20_000

/** Tags that were ticked, or those that a filter finds except some that were unticked. An empty filter finds all. */
export const tagSelection = z.union([
  z.strictObject({ tags: z.array(tag).min(1).max(MAX_TAGS).readonly() }),
  z.strictObject({ matching: z.string().max(1_000), except: z.array(tag).max(MAX_TAGS).readonly() }),
])
export type TagSelection = z.output<typeof tagSelection>

export interface SelectedTags {
  /** Highest version first; tags that only hold referrers aren't among them. */
  readonly tags: readonly Tag[]
  /** Of which too little has been read for the query to find them or not. */
  readonly unjudged: readonly Tag[]
}

/** @throws RegistryError `too-large`, FormatError */
export async function selectedTags(repository: Repository, place: Place, select: TagSelection): Promise<SelectedTags> {
  if ('tags' in select) return { tags: [...new Set(select.tags)], unjudged: [] }
  assertCurrent(repository, await catalogOf(repository.registry).refreshTags(repository, TAG_LIST_AGE.decision))
  const { filter, error, mistake, unknown = new Set() } = await typedTags(repository, select.matching)
  if (error) throw error
  assertFinished(select.matching, mistake === undefined ? [] : [mistake])
  const query = { ...(filter && { filter }), sort: 'version', direction: 'desc', offset: 0, limit: MAX_TAGS } as const
  const found = (await catalogOf(repository.registry).catalog.tagPage(place, query))?.value
  if (found && found.matching > MAX_TAGS)
    throw new RegistryError(
      'too-large',
      `${found.matching} tags match, and at most ${MAX_TAGS} can be selected at once`,
    )
  const left = new Set<string>(select.except)
  return {
    tags: (found?.tags ?? []).filter((one) => !left.has(one)),
    unjudged: [...unknown].filter((one) => !left.has(one)).map(parseTag),
  }
}
