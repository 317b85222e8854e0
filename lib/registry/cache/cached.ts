import type { Capabilities } from '../capabilities.ts'
import type { Registry, Repository } from '../registry.ts'
import { createCachedRepository } from './cached-repository.ts'
import type { ContentCache } from './content-cache.ts'
import type { RegistryCache } from './registry-cache.ts'
import { SharedListings } from './shared-listing.ts'
import { SingleFlight } from './single-flight.ts'

/**
 * The same registry with a memory: manifests and small blobs by digest are kept, and what is asked twice at the same
 * time is asked once. Tags are looked up every time, as they may move, but a document that is held is not sent again.
 * Questions of existence (`resolve`, `statBlob`) always reach the registry. The content is shared by all users: callers
 * must check access to a repository.
 * @param owner content that one owner has read is never given to another. Default: Lading itself
 */
export function cached(registry: Registry, content: ContentCache, owner = ''): Registry {
  const cache: RegistryCache = {
    owner: owner === '' ? '' : `${owner}\n`,
    content,
    flights: new SingleFlight(),
    listings: new SharedListings(),
    lastDigests: new Map(),
  }
  const wrapped: Registry = {
    name: registry.name,
    kind: registry.kind,
    publicHost: registry.publicHost,
    location: registry.location,
    ping: (options) => cache.flights.run('ping', options?.signal, (signal) => registry.ping({ signal })),
    capabilities: (options): Promise<Capabilities> =>
      cache.flights.run('capabilities', options?.signal, (signal) => registry.capabilities({ signal })),
    repositories: (options) =>
      cache.listings.read('repositories', options?.signal, (signal) => registry.repositories({ signal })),
    search: (term, options) =>
      cache.flights.run(`search ${options?.limit ?? ''} ${term}`, options?.signal, (signal) =>
        registry.search(term, { ...options, signal }),
      ),
    repository: (name): Repository => createCachedRepository(wrapped, registry.repository(name), cache),
  }
  return wrapped
}
