import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { theCatalog } from '../../catalog/the-catalog.ts'
import { nearTags } from '../../image/inspect/near-tags.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'

const LIST = { freshFor: 60_000, patience: 1_500 }

/** Tags that are spelled almost like one that doesn't exist. @throws RegistryError, AccessError */
export async function readNearTags(actor: Actor, place: Place, wanted: Tag): Promise<readonly string[]> {
  const repository = openRepository(actor, 'browse', place)
  await theCatalog().refreshTags(repository, LIST)
  return nearTags(wanted, (await theCatalog().catalog.tags(place))?.value.tags ?? [])
}
