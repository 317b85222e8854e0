import type { Digest } from '../../oci/digest.ts'
import type { ContentCache } from './content-cache.ts'
import type { SharedListings } from './shared-listing.ts'
import type { SingleFlight } from './single-flight.ts'

/** State shared by the repositories of one registry. */
export interface RegistryCache {
  /** Begins each key: keeps apart what one registry shows to different accounts, in a `content` that they share. */
  readonly owner: string
  readonly content: ContentCache
  readonly flights: SingleFlight
  readonly listings: SharedListings
  /** By repository and tag, the last read at the end: the digest that it had; only a hint, which the registry confirms. */
  readonly lastDigests: Map<string, Digest>
}

/** Names an entry of one repository in caches that all of them share. */
export type CacheKey = (kind: string, rest: string) => string
