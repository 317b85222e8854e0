import { imageSizes } from '../../image/inspect/image-sizes.ts'
import type { Digest } from '../../oci/digest.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import type { Repository } from '../../registry/registry.ts'

/** The compressed bytes of an index's children; those that can't be read are left out. */
export async function platformSizes(
  repository: Repository,
  digests: readonly (Digest | undefined)[],
): Promise<ReadonlyMap<string, number>> {
  const known = [...new Set(digests)].filter((digest) => digest !== undefined)
  const sizes = await mapConcurrent(known, async (digest) => {
    const manifest = await repository.manifest(digest).catch(() => undefined)
    const size = manifest && imageSizes(manifest)?.distinct
    return size === undefined ? [] : ([[digest, size]] as const)
  })
  return new Map(sizes.flat())
}
