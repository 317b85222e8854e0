import type { Descriptor } from '../../oci/descriptor.ts'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

export type TagSortKey = 'name' | 'version' | 'created' | 'size'
export type SortDirection = 'asc' | 'desc'

/** The fields of a summary that sorting needs. */
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
      return { tag, descriptor: await repository.resolve(tag, { signal }) }
    } catch (error) {
      if (!isRegistryError(error, 'not-found')) throw error
    }
  }
  return undefined
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
