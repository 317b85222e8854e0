import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import type { RowSummary } from '../../catalog/row-summary.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { type Neighbours, neighbourTags } from '../../image/inspect/neighbour-tags.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import type { Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'
import { TAG_LIST_AGE } from './tag-list-age.ts'

/** With more tags, looking through all of them would cost more than the links are worth. */
const MOST = 20_000

/** The releases before and after a tag, by what is known of its repository. @throws RegistryError, AccessError */
export async function readNeighbours(actor: Actor, place: Place, tag: Tag): Promise<Neighbours> {
  const repository = openRepository(actor, 'browse', place)
  await catalogOf(repository.registry).refreshTags(repository, TAG_LIST_AGE.hint)
  return seenNeighbours(repository, tag)
}

/** The same without asking the registry. */
export async function seenNeighbours(repository: Repository, tag: Tag): Promise<Neighbours> {
  const { catalog } = catalogOf(repository.registry)
  const place = placeOf(repository)
  const { total = 0 } = (await catalog.tagCounts(place))?.value ?? {}
  if (total > MOST) return {}
  const tags = (await catalog.tags(place))?.value.tags ?? []
  return neighbourTags(tag, tags, await knownFor(repository, tag, tags))
}

/** A version is ordered by its name, and so is a tag on the digest of one; only for others every creation date counts. */
async function knownFor(repository: Repository, tag: Tag, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, RowSummary>> {
  if (isVersion(tag)) return new Map()
  const own = await summaries(repository, [tag])
  const digest = own.get(tag)?.digest
  if (!digest) return own
  const found = await catalogOf(repository.registry).catalog.tagsOn(placeOf(repository), [digest])
  const twins = found.get(digest)?.map(({ value }) => value) ?? []
  return summaries(repository, twins.some(isVersion) ? [tag, ...twins] : tags)
}

async function summaries(repository: Repository, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, RowSummary>> {
  const records = await catalogOf(repository.registry).catalog.tagRecords(placeOf(repository), tags)
  return new Map([...records].flatMap(([name, { value }]) => (value.ok ? [[name, value.summary] as const] : [])))
}

function isVersion(tag: Tag): boolean {
  return versionKey(tag).isVersion
}
