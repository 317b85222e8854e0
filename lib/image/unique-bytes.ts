import type { Digest } from '../oci/digest.ts'
import { FormatError } from '../oci/format-error.ts'
import type { Manifest } from '../oci/manifest.ts'
import { mapConcurrent } from '../registry/concurrent.ts'
import { RegistryError } from '../registry/errors.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { edgesOf } from './edges.ts'
import { readIfPresent, type TagScan } from './scan-tags.ts'

/** More manifests than this are not read for an estimate. */
const MAX_MANIFESTS = 2000

/**
 * Bytes of the blobs that `manifest` reaches and no other tagged manifest of the repository does. Undefined when the
 * scan is partial, the repository holds too many manifests, one of them cannot be read, or sizes are not stated (schema 1).
 */
export async function uniqueBytes(
  repository: Repository,
  manifest: Manifest,
  scan: TagScan,
  { signal }: CallOptions = {},
): Promise<number | undefined> {
  if (!scan.complete || manifest.kind === 'schema1' || manifest.kind === 'unknown') return undefined
  const options = { ...(signal && { signal }) }
  try {
    const others = new Set([...scan.tags.values()].map((descriptor) => descriptor.digest))
    others.delete(manifest.digest)
    const kept = await reach(repository, [...others], options)
    const own = await reach(repository, [manifest.digest], options)
    if (!kept || !own) return undefined
    let total = 0
    for (const [digest, size] of own) if (!kept.has(digest)) total += size
    return total
  } catch (error) {
    signal?.throwIfAborted()
    // The preview says "unknown" for an estimate rather than failing as a whole.
    if (error instanceof RegistryError || error instanceof FormatError) return undefined
    throw error
  }
}

async function reach(
  repository: Repository,
  roots: readonly Digest[],
  options: CallOptions,
): Promise<Map<Digest, number> | undefined> {
  const blobs = new Map<Digest, number>()
  const seen = new Set<Digest>()
  let level = roots
  while (level.length > 0) {
    for (const digest of level) seen.add(digest)
    if (seen.size > MAX_MANIFESTS) return undefined
    const manifests = await mapConcurrent(level, (digest) => readIfPresent(repository, digest, options), options)
    const next = new Set<Digest>()
    for (const manifest of manifests) {
      if (!manifest) continue
      for (const { to, descriptor } of edgesOf(manifest))
        if (to === 'blob') blobs.set(descriptor.digest, descriptor.size)
        else if (!seen.has(descriptor.digest)) next.add(descriptor.digest)
    }
    level = [...next]
  }
  return blobs
}
