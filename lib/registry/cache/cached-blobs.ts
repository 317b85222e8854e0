import type { Digest } from '../../oci/digest.ts'
import type { Repository } from '../registry.ts'
import type { CacheKey, RegistryCache } from './registry-cache.ts'

/** Larger blobs are streamed past the cache. */
const LARGEST = 1024 * 1024

/** Small blobs of a repository, kept by digest. */
export function cachedBlobs(
  repository: Repository,
  { content, flights }: RegistryCache,
  key: CacheKey,
): { readonly read: Repository['blobBytes']; readonly forget: (digest: Digest) => void } {
  return {
    async read(digest, options = {}) {
      // Only the lines below use this kind of key.
      const held = content.get(key('blob', digest)) as Uint8Array | undefined
      if (held && held.byteLength <= (options.limit ?? LARGEST)) return held
      return flights.run(key('blob', `${digest} ${options.limit ?? ''}`), options.signal, async (signal) => {
        const bytes = await repository.blobBytes(digest, { ...options, signal })
        if (bytes.byteLength <= LARGEST) content.set(key('blob', digest), bytes, bytes.byteLength)
        return bytes
      })
    },
    forget: (digest) => content.delete(key('blob', digest)),
  }
}
