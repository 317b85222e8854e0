import type { Descriptor } from '../oci/descriptor.ts'
import type { Tag } from '../oci/reference.ts'
import { mapConcurrent } from '../registry/concurrent.ts'
import { isRegistryError } from '../registry/errors.ts'
import { collect, type ListEnd } from '../registry/listing.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'
import { summarizeTag } from './summary.ts'
import { versionKey } from './version-key.ts'

export type TagSortKey = 'name' | 'version' | 'created' | 'size'
export type SortDirection = 'asc' | 'desc'

/** What sorting reads of a summary. */
export interface SortableSummary {
  readonly created?: string
  readonly size?: number
}

/**
 * Sorts tags; the order is total, so that pages of it neither repeat nor lose a tag. Tags whose version, creation time
 * or size is unknown stand at the end in both directions, and ties go by version, then by name, ascending.
 */
export function sortTags(
  tags: readonly Tag[],
  key: TagSortKey,
  direction: SortDirection = 'asc',
  summaries: ReadonlyMap<string, SortableSummary> = new Map(),
): Tag[] {
  const sign = direction === 'asc' ? 1 : -1
  const rows = tags.map((tag) => {
    const version = versionKey(tag)
    return { tag, version, rank: rankOf(tag, key, version, summaries.get(tag)) }
  })
  rows.sort(
    (a, b) =>
      Number(a.rank.last) - Number(b.rank.last) ||
      sign * compare(a.rank.value, b.rank.value) ||
      compare(a.version.key, b.version.key) ||
      compare(a.tag, b.tag),
  )
  return rows.map((row) => row.tag)
}

/** The first of `names` that exists, asked in their order: one HEAD each until one answers. */
export async function findMatchingTag(
  repository: Repository,
  names: readonly Tag[],
  { signal }: CallOptions = {},
): Promise<{ readonly tag: Tag; readonly descriptor: Descriptor } | undefined> {
  for (const tag of names) {
    try {
      return { tag, descriptor: await repository.resolve(tag, { ...(signal && { signal }) }) }
    } catch (error) {
      if (!isRegistryError(error, 'not-found')) throw error
    }
  }
  return undefined
}

export interface MostRecentTag {
  readonly tag: Tag
  readonly created: string
  /** OCI has no call for the time of a push; this is when the image says it was built. */
  readonly evidence: 'image-created'
  /** How many tags were compared, and how many say nothing of their time. */
  readonly compared: number
  readonly unknown: number
  readonly end: ListEnd
}

/** The tag whose image was made last; undefined where no tag says when. Reads every tag's manifest and config. */
export async function mostRecentTag(
  repository: Repository,
  { signal }: CallOptions = {},
): Promise<MostRecentTag | undefined> {
  const options = { ...(signal && { signal }) }
  const { items: tags, end } = await collect(repository.tags(options))
  const created = new Map<Tag, { created: string }>()
  const read = async (tag: Tag) => {
    try {
      const summary = await summarizeTag(repository, tag, options)
      if (summary.created) created.set(tag, { created: summary.created })
    } catch (error) {
      // A tag that cannot be read is one whose time is unknown; being cancelled is not.
      signal?.throwIfAborted()
      if (isRegistryError(error, 'unreachable', 'unauthorized', 'denied')) throw error
    }
  }
  await mapConcurrent(tags, read, options)
  const tag = sortTags([...created.keys()], 'created', 'desc', created)[0]
  const found = tag && created.get(tag)
  if (!tag || !found) return undefined
  const unknown = tags.length - created.size
  return { tag, created: found.created, evidence: 'image-created', compared: tags.length, unknown, end }
}

function rankOf(
  tag: Tag,
  key: TagSortKey,
  version: { readonly key: string; readonly isVersion: boolean },
  summary: SortableSummary | undefined,
): { readonly last: boolean; readonly value: string | number } {
  switch (key) {
    case 'name':
      return { last: false, value: tag }
    case 'version':
      return { last: !version.isVersion, value: version.key }
    case 'created': {
      const time = Date.parse(summary?.created ?? '')
      return Number.isNaN(time) ? { last: true, value: 0 } : { last: false, value: time }
    }
    case 'size':
      return summary?.size === undefined ? { last: true, value: 0 } : { last: false, value: summary.size }
  }
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
