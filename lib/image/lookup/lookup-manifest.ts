import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { isIndexType } from '../../oci/media-type.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { readIfPresent } from '../graph/scan-tags.ts'
import { findInListing, notKnown } from './find-in-listing.ts'

/**
 * The manifest of that digest; undefined where the repository does not hold it. Without `allowDead` also if no tag
 * points at it, directly or through indexes: that requests each tag until one does, and reads the indexes on the way.
 * @throws RegistryError, FormatError; `unavailable` where no tag leads to it and not all of them could be seen
 */
export async function lookupManifest(
  repository: Repository,
  digest: Digest,
  { allowDead = false, signal }: CallOptions & { readonly allowDead?: boolean } = {},
): Promise<Manifest | undefined> {
  const options = { signal }
  const manifest = await readIfPresent(repository, digest, options)
  if (!manifest || allowDead) return manifest
  const seen = new Set<Digest>()
  const tagged = await findInListing(repository.tags(options), async (tag) => {
    const pointed = await readIfPresent(repository, tag, options)
    return pointed !== undefined && leadsTo(repository, pointed, digest, seen, MAX_DEPTH, options)
  })
  if (tagged.found) return manifest
  if (tagged.end.complete) return undefined
  throw notKnown(`a tag points at ${digest}`, tagged.end.reason, repository.registry.location)
}

async function leadsTo(
  repository: Repository,
  from: Manifest,
  digest: Digest,
  seen: Set<Digest>,
  depth: number,
  options: CallOptions,
): Promise<boolean> {
  if (from.digest === digest) return true
  if (from.kind !== 'index' || depth === 0 || seen.has(from.digest)) return false
  seen.add(from.digest)
  if (from.manifests.some((child) => child.digest === digest)) return true
  for (const child of from.manifests) {
    if (!isIndexType(child.mediaType)) continue
    const inner = await readIfPresent(repository, child.digest, options)
    if (inner && (await leadsTo(repository, inner, digest, seen, depth - 1, options))) return true
  }
  return false
}
