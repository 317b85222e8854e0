import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { ManifestOptions, Repository } from '../registry.ts'
import type { CacheKey, RegistryCache } from './registry-cache.ts'

/** Of all repositories: some 30 MB. */
const MAX_TAGS = 100_000

/** Manifests of a repository: kept by digest; by tag, the registry is asked whether the tag still points at the last one. */
export function cachedManifests(
  repository: Repository,
  { content, flights, lastDigests }: RegistryCache,
  key: CacheKey,
): { readonly read: Repository['manifest']; readonly forget: (digest: Digest) => void } {
  const holds = (digest: Digest) => {
    const held = content.get(key('manifest', digest))
    // Only `keep` writes under this kind of key.
    return held as Manifest | undefined
  }
  const keep = (manifest: Manifest): Manifest => {
    if (!holds(manifest.digest)) content.set(key('manifest', manifest.digest), manifest, manifest.size * 2)
    return manifest
  }
  const byDigest = async (digest: Digest, options: ManifestOptions): Promise<Manifest> =>
    holds(digest) ??
    (await flights.run(key('manifest', digest), options.signal, async (signal) =>
      keep(await repository.manifest(digest, { signal })),
    ))
  const byTag = (tag: Tag, options: ManifestOptions): Promise<Manifest> =>
    flights.run(key('manifest', tag), options.signal, async (signal) => {
      const last = lastDigests.get(key('last', tag))
      const manifest = keep(await repository.manifest(tag, { signal, held: { last, find: holds } }))
      remember(key('last', tag), manifest.digest)
      return manifest
    })
  const remember = (tag: string, digest: Digest): void => {
    lastDigests.delete(tag)
    lastDigests.set(tag, digest)
    if (lastDigests.size <= MAX_TAGS) return
    const [oldest] = lastDigests.keys()
    if (oldest !== undefined) lastDigests.delete(oldest)
  }
  return {
    read(reference, options = {}) {
      // A different selection of media types is a different request.
      if (options.accept || options.fresh) return repository.manifest(reference, options)
      return isDigest(reference) ? byDigest(reference, options) : byTag(reference, options)
    },
    forget: (digest) => content.delete(key('manifest', digest)),
  }
}
