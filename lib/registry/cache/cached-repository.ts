import { type Digest, isDigest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import type { Tag, TagOrDigest } from '../../oci/reference.ts'
import type { CallOptions, ManifestOptions, Registry, Repository } from '../registry.ts'
import type { RegistryCache } from './registry-cache.ts'

/** Larger blobs are streamed past the cache. */
const LARGEST_BLOB = 1024 * 1024
/** Of all repositories: some 30 MB. */
const MAX_TAGS = 100_000

export function createCachedRepository(registry: Registry, repository: Repository, cache: RegistryCache): Repository {
  const { content, flights, listings, lastDigests } = cache
  const { name } = repository
  const key = (kind: string, rest: string) => `${registry.name}\n${name}\n${kind}\n${rest}`
  const holds = (digest: Digest) => {
    const held = content.get(key('manifest', digest))
    // Only `keep` writes under this kind of key.
    return held as Manifest | undefined
  }
  const keep = (manifest: Manifest): Manifest => {
    if (!holds(manifest.digest)) content.set(key('manifest', manifest.digest), manifest, manifest.size * 2)
    return manifest
  }

  /** After a change, what is under way may not have seen it. */
  const changed = (reference?: TagOrDigest) => {
    listings.forget(key('tags', ''))
    listings.forget('repositories')
    for (const kind of ['resolve', 'manifest']) if (reference !== undefined) flights.forget(key(kind, reference))
  }
  const changing = async <T>(reference: TagOrDigest | undefined, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } finally {
      changed(reference)
    }
  }

  return {
    name,
    registry,
    tags: (options) => listings.read(key('tags', ''), options?.signal, (signal) => repository.tags({ signal })),
    resolve: (reference, options) =>
      flights.run(key('resolve', reference), options?.signal, (signal) => repository.resolve(reference, { signal })),
    manifest(reference, options = {}) {
      // Another selection of media types is another question.
      if (options.accept || options.fresh) return repository.manifest(reference, options)
      return isDigest(reference) ? byDigest(reference, options) : byTag(reference, options)
    },
    statBlob: (digest, options) =>
      flights.run(key('stat', `${digest} ${options?.trustHead ?? false}`), options?.signal, (signal) =>
        repository.statBlob(digest, { ...options, signal }),
      ),
    blob: (digest, options) => repository.blob(digest, options),
    blobBytes: (digest, options = {}) => blobBytes(digest, options),
    referrers: (digest, options = {}) =>
      listings.read(key('referrers', `${digest} ${options.artifactType ?? ''}`), options.signal, (signal) =>
        repository.referrers(digest, { ...options, signal }),
      ),
    untagged: (options) => repository.untagged(options),
    signatures: (options) => repository.signatures(options),
    nameInFolder: (tag, options) => repository.nameInFolder(tag, options),
    deletes: (options) => flights.run(key('deletes', ''), options?.signal, (signal) => repository.deletes({ signal })),

    putManifest: (reference, document, options) =>
      changing(reference, () => repository.putManifest(reference, document, options)),
    putBlob: (bytes, options) => repository.putBlob(bytes, options),
    mountBlob: (digest, from, options) => repository.mountBlob(digest, from, options),
    deleteTag: (tag, options) => changing(tag, () => repository.deleteTag(tag, options)),
    async deleteManifest(digest, options) {
      await changing(digest, () => repository.deleteManifest(digest, options))
      content.delete(key('manifest', digest))
    },
    async deleteBlob(digest, options) {
      await repository.deleteBlob(digest, options)
      content.delete(key('blob', digest))
    },
    blobUsers: (digests, options) => repository.blobUsers(digests, options),
  }

  async function byDigest(digest: Digest, options: ManifestOptions): Promise<Manifest> {
    return (
      holds(digest) ??
      (await flights.run(key('manifest', digest), options.signal, async (signal) =>
        keep(await repository.manifest(digest, { signal })),
      ))
    )
  }

  function byTag(tag: Tag, options: ManifestOptions): Promise<Manifest> {
    return flights.run(key('manifest', tag), options.signal, async (signal) => {
      const last = lastDigests.get(key('last', tag))
      const manifest = keep(await repository.manifest(tag, { signal, held: { last, find: holds } }))
      remember(key('last', tag), manifest.digest)
      return manifest
    })
  }

  function remember(tag: string, digest: Digest): void {
    lastDigests.delete(tag)
    lastDigests.set(tag, digest)
    if (lastDigests.size <= MAX_TAGS) return
    const [oldest] = lastDigests.keys()
    if (oldest !== undefined) lastDigests.delete(oldest)
  }

  async function blobBytes(digest: Digest, options: CallOptions & { readonly limit?: number }): Promise<Uint8Array> {
    // Only the line below writes under this kind of key.
    const held = content.get(key('blob', digest)) as Uint8Array | undefined
    if (held && held.byteLength <= (options.limit ?? LARGEST_BLOB)) return held
    return flights.run(key('blob', `${digest} ${options.limit ?? ''}`), options.signal, async (signal) => {
      const bytes = await repository.blobBytes(digest, { ...options, signal })
      if (bytes.byteLength <= LARGEST_BLOB) content.set(key('blob', digest), bytes, bytes.byteLength)
      return bytes
    })
  }
}
