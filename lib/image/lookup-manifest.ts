import type { Digest } from '../oci/digest.ts'
import type { Manifest } from '../oci/manifest.ts'
import { MAX_DEPTH } from '../oci/max-depth.ts'
import { isIndexType } from '../oci/media-type.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { readIfPresent } from './scan-tags.ts'

/**
 * The manifest of that digest; undefined where the repository does not hold it. Without `allowDead` also where no tag
 * leads to it, by itself or through indexes: that asks for each tag until one does, and reads the indexes on the way.
 * @throws RegistryError, FormatError
 */
export async function lookupManifest(
  repository: Repository,
  digest: Digest,
  { allowDead = false, signal }: CallOptions & { readonly allowDead?: boolean } = {},
): Promise<Manifest | undefined> {
  const options = { ...(signal && { signal }) }
  const manifest = await readIfPresent(repository, digest, options)
  if (!manifest || allowDead) return manifest
  const seen = new Set<Digest>()
  for await (const tag of repository.tags(options)) {
    const pointed = await readIfPresent(repository, tag, options)
    if (pointed && (await leadsTo(repository, pointed, digest, seen, MAX_DEPTH, options))) return manifest
  }
  return undefined
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
