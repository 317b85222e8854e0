import { type Digest, isDigest } from '../../oci/digest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { edgesOf } from './edges.ts'
import { readIfPresent } from './scan-tags.ts'

/** More manifests than this are not read. */
const MAX_MANIFESTS = 2000

/**
 * The blobs that manifests reach, through indexes, each with its size. Missing children of an index are skipped.
 * Undefined when there are too many manifests to read, one whose digest can't be verified, or indexes that nest too deep.
 */
export async function reachableBlobs(
  repository: Repository,
  roots: readonly Digest[],
  options: CallOptions,
): Promise<Map<Digest, number> | undefined> {
  const blobs = new Map<Digest, number>()
  const seen = new Set<Digest>()
  let level = roots
  for (let depth = 0; level.length > 0; depth++) {
    for (const digest of level) seen.add(digest)
    if (seen.size > MAX_MANIFESTS || depth > MAX_DEPTH) return undefined
    const manifests = await mapConcurrent(level, (digest) => readIfPresent(repository, digest, options), options)
    const next = new Set<Digest>()
    for (const manifest of manifests) {
      if (!manifest) continue
      for (const { to, descriptor } of edgesOf(manifest))
        if (to === 'blob') blobs.set(descriptor.digest, descriptor.size)
        else if (!isDigest(descriptor.digest)) return undefined
        else if (!seen.has(descriptor.digest)) next.add(descriptor.digest)
    }
    level = [...next]
  }
  return blobs
}
