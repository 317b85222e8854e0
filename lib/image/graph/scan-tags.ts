import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { mayBeIndex } from '../../oci/index-entries.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { isIndexType } from '../../oci/media-type.ts'
import type { Selector, Tag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import type { ResolvedTags } from '../../registry/resolve-tags.ts'

/** The tags of `scan` that point at `digest`, sorted. */
export function tagsOn(scan: ResolvedTags, digest: Digest): Tag[] {
  return [...scan.tags].flatMap(([tag, descriptor]) => (descriptor.digest === digest ? [tag] : [])).sort()
}

export interface ContainingIndex {
  readonly digest: Digest
  /** Empty for an index that only another index holds. */
  readonly tags: readonly Tag[]
}

/** The live indexes of a repository that list `digest`, nested ones too: reads each distinct tagged index once. */
export async function indexesContaining(
  repository: Repository,
  digest: Digest,
  scan: ResolvedTags,
  options: CallOptions = {},
): Promise<ContainingIndex[]> {
  const seen = new Set<Digest>()
  const found: ContainingIndex[] = []
  let level = [...scan.tags.values()].filter((descriptor) => isIndexType(descriptor.mediaType)).map((d) => d.digest)
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth++) {
    const fresh = [...new Set(level)].filter((index) => !seen.has(index))
    for (const index of fresh) seen.add(index)
    const indexes = await mapConcurrent(fresh, (index) => readIfPresent(repository, index, options), options)
    level = []
    for (const index of indexes) {
      if (index?.kind !== 'index') continue
      if (index.manifests.some((child) => child.digest === digest))
        found.push({ digest: index.digest, tags: tagsOn(scan, index.digest) })
      for (const child of index.manifests) if (mayBeIndex(child)) level.push(child.digest)
    }
  }
  return found
}

/**
 * A manifest that an index may list although the repository lacks it: absence is a valid answer here, and so is a digest
 * that can't be verified.
 */
export async function readIfPresent(
  repository: Repository,
  reference: Selector,
  options: CallOptions = {},
): Promise<Manifest | undefined> {
  try {
    return await repository.manifest(reference, options)
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return undefined
    if (error instanceof FormatError && error.code === 'digest-algorithm') return undefined
    throw error
  }
}
