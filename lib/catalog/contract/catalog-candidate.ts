import type { Place } from '../../oci/place.ts'
import type { Catalog } from '../catalog.ts'
import type { SettableClock } from '../testing/settable-clock.ts'

export interface CatalogSetup {
  readonly catalog: Catalog
  close(): Promise<void>
}

/** What a contract's tests work on: an empty catalog, the clock it goes by, and places that nothing is known of. */
export interface CatalogCandidate {
  readonly catalog: Catalog
  readonly clock: SettableClock
  readonly place: Place
  readonly other: Place
}
