import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import { freedBytes } from '../../image/delete/freed-bytes.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { placeInput, tag } from '../input.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { protectionOf } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { groupTags, type KnownRepository } from './group-tags.ts'
import { knowRepository } from './know-repository.ts'
import type { PlannedItem } from './plan.ts'
import { storePlan } from './plan-store.ts'

const MAX_TAGS = 20_000

export const planInput = placeInput.extend({
  /** Tags that were ticked, or those that a filter finds except some that were unticked. */
  select: z.union([
    z.strictObject({ tags: z.array(tag).min(1).max(MAX_TAGS).readonly() }),
    z.strictObject({ matching: z.string().max(1_000), except: z.array(tag).max(MAX_TAGS).readonly() }),
  ]),
})

/** A plan doesn't wait longer than this for its estimate, which grows with the repository. Milliseconds. */
const ESTIMATE_WITHIN = 2_000
const ESTIMATE_IMAGES = 2_000
/** A list of tags older than this is read again. Milliseconds. */
const LIST = { freshFor: 5_000, patience: 30_000 }

/**
 * Works out what deleting tags would do, and stores it. Nothing is changed in the registry.
 * @returns the plan's id
 * @throws AccessError; RegistryError `conflict` when not all tags can be listed; StoreError
 */
export async function makePlan(actor: Actor, { select, ...place }: z.output<typeof planInput>): Promise<string> {
  const repository = openRepository(actor, 'delete', place)
  await theCatalog().refreshTags(repository, LIST)
  const list = (await theCatalog().catalog.tags(place))?.value
  if (!list) throw new RegistryError('not-found', `${place.repository} has no tags`)
  const protects = await protectionOf(place)
  const protectedBy = (one: Tag) => {
    const rule = protects(one)
    return rule && `Protected by the rule ${rule.name}`
  }
  const known = { ...(await knowRepository(repository, place, list)), protectedBy }
  const selected = 'tags' in select ? select.tags : await matchingTags(place, select.matching, select.except)
  const items = groupTags([...new Set(selected)], known)
  const freed = await estimate(repository, items, known)
  const withFreed = items.map((item) => {
    const frees = item.kind === 'image' ? freed?.byImage.get(item.digest as Digest) : undefined
    return frees === undefined ? item : { ...item, frees }
  })
  const images = items.filter(({ kind }) => kind === 'image')
  const plan = {
    owner: ownerOf(actor),
    registry: place.registry,
    repository: place.repository,
    tagsBefore: list.tags.length,
    freesAtMost: images.reduce((sum, { size = 0 }) => sum + size, 0),
    ...('matching' in select && select.matching && { query: select.matching }),
    ...(freed && { frees: freed.total }),
  }
  return storePlan(plan, withFreed)
}

async function matchingTags(place: Place, typed: string, except: readonly Tag[]): Promise<readonly Tag[]> {
  const filter = parseFilter(typed)
  const query = { ...(filter && { filter }), sort: 'version', direction: 'desc', offset: 0, limit: MAX_TAGS } as const
  const found = await theCatalog().catalog.tagPage(place, query)
  const tags = found?.value.tags ?? []
  if (found && found.value.matching > MAX_TAGS)
    throw new RegistryError('too-large', `${found.value.matching} tags match, and a plan holds ${MAX_TAGS}`)
  const left = new Set(except)
  return tags.filter((one) => !left.has(one))
}

function estimate(repository: Repository, items: readonly PlannedItem[], { tags }: KnownRepository) {
  const images = items.flatMap(({ kind, digest }) => (kind === 'image' && digest ? [digest as Digest] : []))
  const going = new Set(images)
  const kept = new Set([...tags.values()].map(({ digest }) => digest).filter((digest) => !going.has(digest)))
  if (going.size + kept.size > ESTIMATE_IMAGES) return undefined
  return freedBytes(repository, images, [...kept], { signal: AbortSignal.timeout(ESTIMATE_WITHIN) })
}
