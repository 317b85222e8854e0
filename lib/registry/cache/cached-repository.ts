import type { Selector } from '../../oci/reference.ts'
import type { Registry, Repository } from '../registry.ts'
import { cachedBlobs } from './cached-blobs.ts'
import { cachedManifests } from './cached-manifests.ts'
import type { CacheKey, RegistryCache } from './registry-cache.ts'

/** A repository whose answers are shared between callers, and whose content by digest is kept. */
export function createCachedRepository(registry: Registry, repository: Repository, cache: RegistryCache): Repository {
  const { flights, listings, owner } = cache
  const { name } = repository
  const key: CacheKey = (kind, rest) => `${owner}${registry.name}\n${name}\n${kind}\n${rest}`
  const manifests = cachedManifests(repository, cache, key)
  const blobs = cachedBlobs(repository, cache, key)

  /** Requests already running may not have seen the change. */
  const changing = async <T>(reference: Selector, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } finally {
      listings.forget(key('tags', ''))
      listings.forget('repositories')
      for (const kind of ['resolve', 'manifest']) flights.forget(key(kind, reference))
    }
  }

  return {
    name,
    registry,
    tags: (options) => listings.read(key('tags', ''), options?.signal, (signal) => repository.tags({ signal })),
    resolve: (reference, options) =>
      flights.run(key('resolve', reference), options?.signal, (signal) => repository.resolve(reference, { signal })),
    manifest: manifests.read,
    statBlob: (digest, options) =>
      flights.run(key('stat', `${digest} ${options?.trustHead ?? false}`), options?.signal, (signal) =>
        repository.statBlob(digest, { ...options, signal }),
      ),
    blob: (digest, options) => repository.blob(digest, options),
    blobBytes: blobs.read,
    referrers: (digest, options = {}) =>
      listings.read(
        key('referrers', `${digest} ${options.artifactType ?? ''} ${options.isApiOnly ?? false}`),
        options.signal,
        (signal) => repository.referrers(digest, { ...options, signal }),
      ),
    untagged: (options) => repository.untagged(options),
    signatures: (options) => repository.signatures(options),
    nameInFolder: (tag, options) => repository.nameInFolder(tag, options),
    deletes: (options) =>
      flights.run(key('deletes', `${options?.probe ?? true}`), options?.signal, (signal) =>
        repository.deletes({ ...options, signal }),
      ),

    putManifest: (reference, document, options) =>
      changing(reference, () => repository.putManifest(reference, document, options)),
    putBlob: (bytes, options) => repository.putBlob(bytes, options),
    mountBlob: (digest, from, options) => repository.mountBlob(digest, from, options),
    deleteTag: (tag, options) => changing(tag, () => repository.deleteTag(tag, options)),
    async deleteManifest(digest, options) {
      await changing(digest, () => repository.deleteManifest(digest, options))
      manifests.forget(digest)
    },
    async deleteBlob(digest, options) {
      await repository.deleteBlob(digest, options)
      blobs.forget(digest)
    },
    blobUsers: (digests, options) => repository.blobUsers(digests, options),
  }
}
