import { compileFilter } from '../../filter/compile-filter.ts'
import { type NewestTag, newestTag } from '../../image/inspect/newest-tag.ts'
import type { SortableSummary } from '../../image/inspect/tags.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type {
  Catalog,
  CatalogTagPage,
  ImagePage,
  ReferrerCounts,
  RepositoryList,
  Seen,
  TagCounts,
  TaggedImage,
  TagList,
  TagQuery,
  TagRecord,
} from '../catalog.ts'
import { type Clock, systemClock } from '../clock.ts'
import { BoundedMap } from './bounded-map.ts'
import { RegistryMemory } from './registry-memory.ts'
import { RECORDS_KEPT, RepositoryMemory } from './repository-memory.ts'
import { seen, sighting } from './sighting.ts'
import { filterInSlices } from './slices.ts'

/** Bytes, as far as they can be estimated: what was used longest ago is dropped first. */
const LIMIT = 256 * 1024 * 1024

/** The catalog of one process, lost when it ends. Bounded: what it forgets is requested from the registry again. */
export class MemoryCatalog implements Catalog {
  readonly recordLimit = RECORDS_KEPT
  readonly #clock: Clock
  readonly #registries = new Map<string, RegistryMemory>()
  readonly #repositories: BoundedMap<RepositoryMemory>

  constructor({ clock = systemClock, limit = LIMIT }: { clock?: Clock; limit?: number } = {}) {
    this.#clock = clock
    this.#repositories = new BoundedMap(limit, (repository) => repository.bytes)
  }

  /** Bytes held for repositories, estimated. */
  get bytes(): number {
    return this.#repositories.bytes
  }

  async repositories(registry: string): Promise<Seen<RepositoryList> | undefined> {
    return this.#registries.get(registry)?.read(this.#clock)
  }

  async recordRepositories(registry: string, list: RepositoryList, isOutdated = false): Promise<void> {
    this.#registryAt(registry).keepList({ ...sighting(list, this.#clock), isOutdated })
  }

  async recordRepository({ registry, repository }: Place): Promise<void> {
    this.#registryAt(registry).add(repository)
  }

  async tags(place: Place): Promise<Seen<TagList> | undefined> {
    const list = this.#find(place)?.list
    return list && seen(list, this.#clock)
  }

  async tagCounts(place: Place): Promise<Seen<TagCounts> | undefined> {
    const memory = this.#find(place)
    const list = memory?.list
    if (!memory || !list) return undefined
    const { tags, partial } = list.value
    const counts = { total: tags.length, known: memory.countKnown(tags), ...(partial !== undefined && { partial }) }
    return seen({ ...list, value: counts }, this.#clock)
  }

  async recordTags(place: Place, list: TagList, isOutdated = false): Promise<void> {
    const memory = this.#at(place)
    await memory.keepList({ ...sighting(list, this.#clock), isOutdated })
    this.#repositories.measure(keyOf(place))
  }

  async tagPage(place: Place, query: TagQuery): Promise<Seen<CatalogTagPage> | undefined> {
    const memory = this.#find(place)
    const list = memory?.list
    if (!memory || !list) return undefined
    const { tags, folded, partial, pushed } = list.value
    const matching = await matchingTags(memory, query)
    const page = {
      tags: matching.slice(query.offset, query.offset + query.limit),
      total: tags.length,
      matching: matching.length,
      known: memory.countKnown(matching),
      knownTotal: memory.countKnown(tags),
      folded: folded.length,
      hasLatest: memory.lists('latest'),
      ...(partial && { partial }),
      ...(pushed && { pushed }),
    }
    return seen({ ...list, value: page }, this.#clock)
  }

  async imagePage(place: Place, query: TagQuery): Promise<Seen<ImagePage> | undefined> {
    const memory = this.#find(place)
    const list = memory?.list
    if (!memory || !list) return undefined
    const digests = new Set<Digest>()
    for (const tag of await matchingTags(memory, query)) {
      const digest = memory.digestOf(tag)
      if (digest) digests.add(digest)
    }
    const shown = [...digests].slice(query.offset, query.offset + query.limit)
    const images = shown.map((digest): TaggedImage => ({ digest, tags: memory.tagsOn(digest).map(({ tag }) => tag) }))
    const { tags, partial } = list.value
    const page = { images, matching: digests.size, total: tags.length, known: memory.countKnown(tags) }
    return seen({ ...list, value: { ...page, ...(partial && { partial }) } }, this.#clock)
  }

  async newestTag(place: Place): Promise<NewestTag | undefined> {
    const memory = this.#find(place)
    const list = memory?.list?.value
    if (!memory || !list || list.partial) return undefined
    if (list.pushed) return newestTag(list.tags, new Map(), list.pushed)
    if (memory.countKnown(list.tags) < list.tags.length) return undefined
    const summaries = new Map<string, SortableSummary>()
    for (const tag of list.tags) {
      const summary = memory.summaryOf(tag)
      if (summary) summaries.set(tag, summary)
    }
    return newestTag(list.tags, summaries)
  }

  async tagRecords(place: Place, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, Seen<TagRecord>>> {
    const memory = this.#find(place)
    const found = new Map<Tag, Seen<TagRecord>>()
    for (const tag of tags) {
      const record = memory?.records.get(tag)
      if (record) found.set(tag, seen(record, this.#clock))
    }
    return found
  }

  async recordTag(place: Place, tag: Tag, record: TagRecord): Promise<void> {
    this.#at(place).keepRecord(tag, sighting(record, this.#clock))
    this.#repositories.measure(keyOf(place))
  }

  async confirmTag(place: Place, tag: Tag, digest: Digest): Promise<void> {
    const memory = this.#find(place)
    const record = memory?.records.get(tag)?.value
    if (memory && record?.ok && record.summary.digest === digest) memory.keepRecord(tag, sighting(record, this.#clock))
  }

  async unknownTags(place: Place, after: Tag | undefined, limit: number): Promise<readonly Tag[]> {
    const memory = this.#find(place)
    if (!memory) return []
    const found: Tag[] = []
    for (const tag of await memory.ordered('name', 'asc')) {
      if (found.length === limit) break
      if ((after === undefined || tag > after) && !memory.records.has(tag)) found.push(tag)
    }
    return found
  }

  async tagsOn(place: Place, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, readonly Seen<Tag>[]>> {
    const memory = this.#find(place)
    const found = new Map<Digest, readonly Seen<Tag>[]>()
    for (const digest of digests) {
      const tags = memory?.tagsOn(digest) ?? []
      if (tags.length > 0)
        found.set(
          digest,
          tags.map(({ tag, record }) => seen({ ...record, value: tag }, this.#clock)),
        )
    }
    return found
  }

  async referrerCounts(place: Place, subject: string): Promise<Seen<ReferrerCounts> | undefined> {
    const counts = this.#find(place)?.referrers.get(subject)
    return counts && seen(counts, this.#clock)
  }

  async recordReferrerCounts(place: Place, subject: string, counts: ReferrerCounts): Promise<void> {
    this.#at(place).keepReferrerCounts(subject, sighting(counts, this.#clock))
    this.#repositories.measure(keyOf(place))
  }

  async changed(place: Place): Promise<void> {
    this.#find(place)?.outdate()
    await this.registryChanged(place.registry)
  }

  async registryChanged(registry: string): Promise<void> {
    this.#registries.get(registry)?.outdate()
  }

  #registryAt(name: string): RegistryMemory {
    const registry = this.#registries.get(name) ?? new RegistryMemory()
    this.#registries.set(name, registry)
    return registry
  }

  #find(place: Place): RepositoryMemory | undefined {
    return this.#repositories.get(keyOf(place))
  }

  #at(place: Place): RepositoryMemory {
    const known = this.#find(place)
    if (known) return known
    const memory = new RepositoryMemory()
    this.#repositories.set(keyOf(place), memory)
    return memory
  }
}

async function matchingTags(memory: RepositoryMemory, { filter, sort, direction }: TagQuery): Promise<readonly Tag[]> {
  const matches = filter && compileFilter(filter)
  const ordered = await memory.ordered(sort, direction)
  return matches ? filterInSlices(ordered, matches) : ordered
}

const keyOf = ({ registry, repository }: Place) => `${registry}/${repository}`
