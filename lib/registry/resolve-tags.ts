import type { Descriptor } from '../oci/descriptor.ts'
import type { Tag } from '../oci/reference.ts'
import { mapConcurrent } from './concurrent.ts'
import { isRegistryError } from './errors.ts'
import { collect, type Listing } from './listing.ts'
import type { CallOptions } from './registry.ts'

export interface ResolveTagsOptions extends CallOptions {
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** A tag that exists. A list without it isn't complete, whatever it says: caches list what they hold, others late. */
  readonly known?: Tag | undefined
}

export interface TagSource {
  tags(options: CallOptions): Listing<Tag>
  resolve(tag: Tag, options: CallOptions): Promise<Descriptor>
}

/** Where every tag of a repository points, asked one by one and just now. */
export interface ResolvedTags {
  readonly tags: ReadonlyMap<Tag, Descriptor>
  /** False when the list of tags is partial or it’s unknown where a listed tag points: it may be a sibling. */
  readonly complete: boolean
  readonly reason?: string
}

/** Resolves every tag over all pages, sixteen at a time. It decides what a deletion takes along, so it never asks a cache. */
export async function resolveTags(
  source: TagSource,
  { signal, onProgress, known }: ResolveTagsOptions = {},
): Promise<ResolvedTags> {
  const options = { signal }
  const { items, end } = await collect(source.tags(options))
  const tags = new Map<Tag, Descriptor>()
  const absent: Tag[] = []
  const failed: Tag[] = []
  let done = 0
  const resolve = async (tag: Tag) => {
    try {
      tags.set(tag, await source.resolve(tag, options))
    } catch (error) {
      signal?.throwIfAborted()
      if (isRegistryError(error, 'unreachable', 'unauthorized', 'tls')) throw error
      if (!isDangling(error)) (isRegistryError(error, 'not-found') ? absent : failed).push(tag)
    }
    onProgress?.({ done: ++done, total: items.length })
  }
  await mapConcurrent(items, resolve, options)
  if (!end.complete) return { tags, complete: false, reason: end.reason }
  const unresolved = [...failed, ...(await stillListed(source, absent, options))]
  if (unresolved.length === 0 && known !== undefined && !items.includes(known))
    return { tags, complete: false, reason: `the registry’s list of tags lacks ${known}` }
  if (unresolved.length === 0) return { tags, complete: true }
  const reason = `${unresolved.length} of ${items.length} tags could not be resolved, including ${unresolved[0]}`
  return { tags, complete: false, reason }
}

/** A tag missing from a new list was deleted meanwhile; one that is listed but not found may be a sibling. */
async function stillListed(source: TagSource, absent: readonly Tag[], options: CallOptions): Promise<readonly Tag[]> {
  if (absent.length === 0) return []
  const { items, end } = await collect(source.tags(options))
  if (!end.complete) return absent
  const listed = new Set(items)
  return absent.filter((tag) => listed.has(tag))
}

/**
 * Whether a listed tag is on no image, because the registry says that it has no such manifest: distribution keeps the
 * tag of a manifest whose deletion failed halfway. A 404 without that code says nothing.
 * @param error of a GET
 */
export function isDangling(error: unknown): boolean {
  return isRegistryError(error, 'not-found') && error.codes.includes('MANIFEST_UNKNOWN')
}
