import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { type Neighbours, neighbourTags } from '../../image/inspect/neighbour-tags.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
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
  const records = await catalog.tagRecords(place, tags)
  const known = new Map([...records].flatMap(([name, { value }]) => (value.ok ? [[name, value.summary] as const] : [])))
  return neighbourTags(tag, tags, known)
}
