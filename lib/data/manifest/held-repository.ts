import type { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'

/** A caller that is gone already gets what the cache holds, and asks the registry for nothing. */
const GONE = AbortSignal.abort()

/** A repository of a registry that is down: what the cache holds by digest can be read, anything else fails like the registry. */
export function heldRepository(repository: Repository, outage: RegistryError): Repository {
  const held = <T>(reading: Promise<T>): Promise<T> =>
    reading.catch((error) => {
      throw error === GONE.reason ? outage : error
    })
  return {
    ...repository,
    manifest: (reference, options) => held(repository.manifest(reference, { ...options, signal: GONE })),
    blobBytes: (digest, options) => held(repository.blobBytes(digest, { ...options, signal: GONE })),
    statBlob: () => Promise.reject(outage),
  }
}
