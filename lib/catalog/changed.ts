import type { Place } from '../oci/place.ts'
import { theCatalog } from './the-catalog.ts'

/** A repository was changed, or may have been: what is remembered of it, and of its registry's list, is out of date. */
export function changed(place: Place): Promise<void> {
  return theCatalog().changed(place)
}

/** A repository is there, whether or not its registry lists it: somebody wrote to it, or opened it and found tags. */
export function exists(place: Place): Promise<void> {
  return theCatalog().catalog.recordRepository(place)
}
