import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MAX_DEPTH } from '../../oci/max-depth.ts'
import { isIndexType } from '../../oci/media-type.ts'
import type { Tag, TagOrDigest } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { collect } from '../../registry/listing.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

export interface ScanOptions extends CallOptions {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** Where every tag of a repository points, asked one by one and just now. */
export interface TagScan {
  readonly tags: ReadonlyMap<Tag, Descriptor>
  /** False when the list of tags is partial or a tag could not be resolved: a sibling may then be unknown. */
  readonly complete: boolean
  readonly reason?: string
}

/** HEADs every tag over all pages, sixteen at a time. Never answered from a cache: it decides what a deletion takes along. */
export async function scanTags(repository: Repository, { signal, onProgress }: ScanOptions = {}): Promise<TagScan> {
  const options = { ...(signal && { signal }) }
  const { items, end } = await collect(repository.tags(options))
  const tags = new Map<Tag, Descriptor>()
  const failed: Tag[] = []
  let done = 0
  const resolve = async (tag: Tag) => {
    try {
      tags.set(tag, await repository.resolve(tag, options))
    } catch (error) {
      signal?.throwIfAborted()
      if (isRegistryError(error, 'unreachable', 'unauthorized', 'tls')) throw error
      // A tag that vanished while we looked is no sibling any more; one that cannot be read may be.
      if (!isRegistryError(error, 'not-found')) failed.push(tag)
    }
    onProgress?.({ done: ++done, total: items.length })
  }
  await mapConcurrent(items, resolve, options)
  const reason = !end.complete
    ? end.reason
    : failed.length > 0
      ? `${failed.length} of ${items.length} tags could not be resolved, ${failed[0]} among them`
      : undefined
  return { tags, complete: reason === undefined, ...(reason && { reason }) }
}

/** The tags of `scan` that point at `digest`, sorted. */
export function tagsOn(scan: TagScan, digest: Digest): Tag[] {
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
  scan: TagScan,
  { signal }: CallOptions = {},
): Promise<ContainingIndex[]> {
  const options = { ...(signal && { signal }) }
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
      for (const child of index.manifests) if (isIndexType(child.mediaType)) level.push(child.digest)
    }
  }
  return found
}

/** A manifest that an index may list without the repository holding it: absence is an answer here. */
export async function readIfPresent(
  repository: Repository,
  reference: TagOrDigest,
  options: CallOptions = {},
): Promise<Manifest | undefined> {
  try {
    return await repository.manifest(reference, options)
  } catch (error) {
    if (isRegistryError(error, 'not-found', 'missing-content')) return undefined
    throw error
  }
}
