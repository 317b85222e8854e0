import type { Place } from '../oci/place.ts'
import type { Repository } from '../registry/registry.ts'
import { placeOf } from './read-through/place-of.ts'
import { catalogOf, isApart, theCatalog } from './the-catalog.ts'

/** A repository was changed, or may have been: cached data about it, and its registry's list, is out of date. */
export function changed(place: Place): Promise<void> {
  return theCatalog().changed(place)
}

/** The same of a repository that somebody opened: their own catalog learns of it too, where they have one. */
export async function repositoryChanged(repository: Repository): Promise<void> {
  const place = placeOf(repository)
  await changed(place)
  if (isApart(repository.registry)) await catalogOf(repository.registry).changed(place)
}

/** A repository exists, whether or not its registry lists it: somebody wrote to it, or opened it and found tags. */
export function repositoryExists(repository: Repository): Promise<void> {
  return catalogOf(repository.registry).catalog.recordRepository(placeOf(repository))
}
