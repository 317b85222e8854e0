import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { reachableBlobs } from '../graph/reachable-blobs.ts'

export interface FreedBytes {
  /** Blobs that none of the kept images needs, each once. */
  readonly total: number
  /** Blobs that no other image needs at all. */
  readonly byImage: ReadonlyMap<Digest, number>
}

/**
 * What deleting images would free, as far as one repository tells: others may share their layers, and only garbage
 * collection frees them. Undefined when a manifest can't be read or the signal ends the reading.
 */
export async function freedBytes(
  repository: Repository,
  deleted: readonly Digest[],
  kept: readonly Digest[],
  options: CallOptions = {},
): Promise<FreedBytes | undefined> {
  try {
    const needed = await reachableBlobs(repository, kept, options)
    const own = await mapConcurrent(deleted, (digest) => reachableBlobs(repository, [digest], options), options)
    if (!needed || own.includes(undefined)) return undefined
    const sizes = new Map<Digest, number>()
    const users = new Map<Digest, number>()
    for (const blobs of own)
      for (const [blob, size] of blobs ?? []) {
        if (needed.has(blob)) continue
        sizes.set(blob, size)
        users.set(blob, (users.get(blob) ?? 0) + 1)
      }
    const byImage = new Map(
      deleted.map((digest, i) => {
        const blobs = [...(own[i] ?? [])].filter(([blob]) => users.get(blob) === 1)
        return [digest, blobs.reduce((sum, [, size]) => sum + size, 0)]
      }),
    )
    return { total: [...sizes.values()].reduce((sum, size) => sum + size, 0), byImage }
  } catch (error) {
    if (options.signal?.aborted || error instanceof RegistryError || error instanceof FormatError) return undefined
    throw error
  }
}
