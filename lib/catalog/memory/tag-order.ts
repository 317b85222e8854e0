import type { SortableSummary, SortDirection, TagSortKey } from '../../image/inspect/tags.ts'
import type { Tag } from '../../oci/reference.ts'
import { versionKey } from '../../oci/version-key.ts'
import { filterInSlices, mapInSlices, merge, sortInSlices } from './slices.ts'

/** Where more than this part of a list is new, sorting it whole is cheaper than finding a place for each. */
const MOSTLY_NEW = 0.05

/** The orders of `sortTags`, for lists of any length, without holding the event loop. */
export class TagOrder {
  readonly tags: readonly Tag[]
  readonly #orders = new Map<string, Promise<readonly Tag[]>>()

  constructor(tags: readonly Tag[]) {
    this.tags = tags
  }

  by(key: 'name' | 'version', direction: SortDirection): Promise<readonly Tag[]> {
    const name = `${key} ${direction}`
    const order = this.#orders.get(name) ?? this.#sort(key, direction)
    this.#orders.set(name, order)
    return order
  }

  /** The same of a later list, carried over from this one: of a million tags, most are those of a minute ago. */
  async next(tags: readonly Tag[]): Promise<TagOrder> {
    const next = new TagOrder(tags)
    for (const [name, order] of this.#orders) {
      const [key, direction] = name.split(' ') as ['name' | 'version', SortDirection]
      const carried = await carryOver(await order, tags, key === 'name' ? byName(direction) : byVersion(direction))
      if (carried) next.#orders.set(name, Promise.resolve(carried))
    }
    return next
  }

  async #sort(key: 'name' | 'version', direction: SortDirection): Promise<readonly Tag[]> {
    if (key === 'name') return sortInSlices(this.tags, byName(direction))
    const keyed = await mapInSlices(this.tags, keyedTag)
    return mapInSlices(await sortInSlices(keyed, byKeyedVersion(direction)), ({ tag }) => tag)
  }
}

/** By creation or size, which only the summaries say. */
export async function sortBySummary(
  tags: readonly Tag[],
  key: Exclude<TagSortKey, 'name' | 'version'>,
  direction: SortDirection,
  summaryOf: (tag: Tag) => SortableSummary | undefined,
): Promise<readonly Tag[]> {
  const ranked = await mapInSlices(tags, (tag) => {
    const summary = summaryOf(tag)
    const rank = (key === 'size' ? summary?.size : Date.parse(summary?.created ?? '')) ?? Number.NaN
    return { ...keyedTag(tag), rank }
  })
  const sign = direction === 'asc' ? 1 : -1
  const sorted = await sortInSlices(ranked, (a, b) => {
    const [unknownA, unknownB] = [Number.isNaN(a.rank), Number.isNaN(b.rank)]
    if (unknownA !== unknownB) return unknownA ? 1 : -1
    return (unknownA ? 0 : sign * (a.rank - b.rank)) || compare(a.version, b.version) || compare(a.tag, b.tag)
  })
  return mapInSlices(sorted, ({ tag }) => tag)
}

interface KeyedTag {
  readonly tag: Tag
  readonly version: string
  readonly isVersion: boolean
}

function keyedTag(tag: Tag): KeyedTag {
  const { key, isVersion } = versionKey(tag)
  return { tag, version: key, isVersion }
}

const byName = (direction: SortDirection) => (a: Tag, b: Tag) => (direction === 'asc' ? compare(a, b) : compare(b, a))

const byVersion = (direction: SortDirection) => {
  const compareKeyed = byKeyedVersion(direction)
  return (a: Tag, b: Tag) => compareKeyed(keyedTag(a), keyedTag(b))
}

/** What is not a version stands at the end in both directions, and ties go by name ascending. */
const byKeyedVersion = (direction: SortDirection) => (a: KeyedTag, b: KeyedTag) => {
  if (a.isVersion !== b.isVersion) return a.isVersion ? -1 : 1
  const versions = compare(a.version, b.version)
  return (direction === 'asc' ? versions : -versions) || compare(a.tag, b.tag)
}

async function carryOver(
  order: readonly Tag[],
  tags: readonly Tag[],
  compareTags: (a: Tag, b: Tag) => number,
): Promise<readonly Tag[] | undefined> {
  const left = new Set<Tag>()
  await mapInSlices(tags, (tag) => left.add(tag))
  const kept = await filterInSlices(order, (tag) => left.delete(tag))
  if (left.size > tags.length * MOSTLY_NEW) return undefined
  return left.size === 0 ? kept : merge(kept, await sortInSlices([...left], compareTags), compareTags)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
