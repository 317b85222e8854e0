import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { nearTags } from '../../image/inspect/near-tags.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { openRepository } from '../registries/open.ts'
import { TAG_LIST_AGE } from './tag-list-age.ts'

/** Tags that are spelled almost like one that doesn't exist. @throws RegistryError, AccessError */
export async function readNearTags(actor: Actor, place: Place, wanted: Tag): Promise<readonly string[]> {
  const repository = openRepository(actor, 'browse', place)
  await catalogOf(repository.registry).refreshTags(repository, TAG_LIST_AGE.hint)
  return nearTags(wanted, (await catalogOf(repository.registry).catalog.tags(place))?.value.tags ?? [])
}
