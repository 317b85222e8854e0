import { FormatError } from '../../oci/format-error.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import type { ResolvedTags } from '../../registry/resolve-tags.ts'
import { reachableBlobs } from '../graph/reachable-blobs.ts'

/**
 * Bytes of the blobs that `manifest` reaches and no other tagged manifest of the repository does. Undefined when the
 * scan is partial, the repository holds too many manifests, one of them cannot be read, or sizes are not stated (schema 1).
 */
export async function uniqueBytes(
  repository: Repository,
  manifest: Manifest,
  scan: ResolvedTags,
  { signal }: CallOptions = {},
): Promise<number | undefined> {
  if (!scan.complete || manifest.kind === 'schema1' || manifest.kind === 'unknown') return undefined
  const options = { signal }
  try {
    const others = new Set([...scan.tags.values()].map((descriptor) => descriptor.digest))
    others.delete(manifest.digest)
    const kept = await reachableBlobs(repository, [...others], options)
    const own = await reachableBlobs(repository, [manifest.digest], options)
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
