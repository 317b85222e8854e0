import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { type Neighbours, neighbourTags } from '../../image/inspect/neighbour-tags.ts'
import type { TagSummary } from '../../image/inspect/summary.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import { openRepository } from '../registries/open.ts'

/** A page of an image doesn't need them: it does with an older list, and shows none rather than wait long. */
const LIST = { freshFor: 60_000, patience: 1_500 }
/** With more tags, looking through all of them would cost more than the links are worth. */
const MOST = 20_000

/** The releases before and after a tag, by what is known of its repository. @throws RegistryError, AccessError */
export async function readNeighbours(actor: Actor, place: Place, tag: Tag): Promise<Neighbours> {
  const repository = openRepository(actor, 'browse', place)
  await theCatalog().refreshTags(repository, LIST)
  return seenNeighbours(place, tag)
}

/** The same without asking the registry. */
export async function seenNeighbours(place: Place, tag: Tag): Promise<Neighbours> {
  const { catalog } = theCatalog()
  const { total = 0 } = (await catalog.tagCounts(place))?.value ?? {}
  if (total > MOST) return {}
  const tags = (await catalog.tags(place))?.value.tags ?? []
  return neighbourTags(tag, tags, await knownFor(place, tag, tags))
}

/** A version is ordered by its name, and so is a tag on the digest of one; only for others every creation date counts. */
async function knownFor(place: Place, tag: Tag, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, TagSummary>> {
  if (isVersion(tag)) return new Map()
  const own = await summaries(place, [tag])
  const digest = own.get(tag)?.digest
  if (!digest) return own
  const twins = (await theCatalog().catalog.tagsOn(place, [digest])).get(digest)?.map(({ value }) => value) ?? []
  return summaries(place, twins.some(isVersion) ? [tag, ...twins] : tags)
}

async function summaries(place: Place, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, TagSummary>> {
  const records = await theCatalog().catalog.tagRecords(place, tags)
  return new Map([...records].flatMap(([name, { value }]) => (value.ok ? [[name, value.summary] as const] : [])))
}

function isVersion(tag: Tag): boolean {
  return versionKey(tag).isVersion
}
