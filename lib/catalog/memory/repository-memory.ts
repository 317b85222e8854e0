import { type SortDirection, sortTags, type TagSortKey } from '../../image/inspect/tags.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { ReferrerCounts, TagList, TagRecord } from '../catalog.ts'
import type { RowSummary } from '../row-summary.ts'
import type { Sighting } from './sighting.ts'
import { filterInSlices } from './slices.ts'
import { sortBySummary, TagOrder } from './tag-order.ts'

/** The overhead of entries besides their text, in bytes: measured on a list and on records of a million tags. */
const TAG_COST = 96
const RECORD_COST = 640
const COUNTS_COST = 512
/** Longer lists are sorted before they are shown. */
const SORTED_AHEAD = 20_000
/** Subjects whose referrer counts are kept, the oldest dropped first. */
const COUNTS_KEPT = 500
/** Tags of one repository that are kept a record of: the one recorded longest ago makes room. */
export const RECORDS_KEPT = 100_000

/** The known facts about one repository. */
export class RepositoryMemory {
  list: Sighting<TagList> | undefined
  readonly records = new Map<Tag, Sighting<TagRecord>>()
  readonly referrers = new Map<string, Sighting<ReferrerCounts>>()
  readonly #tagsOn = new Map<Digest, Set<Tag>>()
  #order = new TagOrder([])
  #listed: ReadonlySet<string> = new Set()
  #known = 0
  #labelBytes = 0

  get bytes(): number {
    const tags = (this.list?.value.tags.length ?? 0) + (this.list?.value.folded.length ?? 0)
    return (
      tags * TAG_COST +
      this.records.size * RECORD_COST +
      this.#labelBytes +
      this.referrers.size * COUNTS_COST +
      COUNTS_COST
    )
  }

  async keepList(list: Sighting<TagList>): Promise<void> {
    const order = await this.#order.next(list.value.tags)
    // The page that is asked for most doesn't wait for the sort of a long list: the list is not there before.
    if (list.value.tags.length > SORTED_AHEAD) await order.by('version', 'desc')
    this.#listed = new Set(list.value.tags)
    this.#order = order
    this.list = list
    if (!list.value.partial)
      for (const tag of await filterInSlices([...this.records.keys()], (each) => !this.#listed.has(each)))
        this.#dropRecord(tag)
    this.#known = 0
    for (const tag of this.records.keys()) if (this.#listed.has(tag)) this.#known++
  }

  lists(tag: string): boolean {
    return this.#listed.has(tag)
  }

  keepRecord(tag: Tag, record: Sighting<TagRecord>): void {
    this.#dropRecord(tag)
    this.records.set(tag, record)
    if (this.#listed.has(tag)) this.#known++
    this.#labelBytes += weightOfLabels(record.value)
    if (record.value.ok) {
      const { digest } = record.value.summary
      const tags = this.#tagsOn.get(digest) ?? new Set()
      this.#tagsOn.set(digest, tags.add(tag))
    }
    const [oldest] = this.records.keys()
    if (this.records.size > RECORDS_KEPT && oldest !== undefined) this.#dropRecord(oldest)
  }

  keepReferrerCounts(subject: string, counts: Sighting<ReferrerCounts>): void {
    this.referrers.delete(subject)
    this.referrers.set(subject, counts)
    const [oldest] = this.referrers.keys()
    if (this.referrers.size > COUNTS_KEPT && oldest !== undefined) this.referrers.delete(oldest)
  }

  summaryOf(tag: Tag): RowSummary | undefined {
    const record = this.records.get(tag)?.value
    return record?.ok ? record.summary : undefined
  }

  digestOf(tag: Tag): Digest | undefined {
    return this.summaryOf(tag)?.digest
  }

  tagsOn(digest: Digest): { readonly tag: Tag; readonly record: Sighting<TagRecord> }[] {
    return sortTags([...(this.#tagsOn.get(digest) ?? [])], 'version', 'desc').flatMap((tag) => {
      const record = this.records.get(tag)
      return record ? [{ tag, record }] : []
    })
  }

  /** How many of some listed tags have a record: of all, counted as they come. */
  countKnown(tags: readonly Tag[]): number {
    if (tags.length === this.#listed.size) return this.#known
    let known = 0
    for (const tag of tags) if (this.records.has(tag)) known++
    return known
  }

  ordered(key: TagSortKey, direction: SortDirection): Promise<readonly Tag[]> {
    if (key === 'name' || key === 'version') return this.#order.by(key, direction)
    return sortBySummary(this.#order.tags, key, direction, (tag) => this.summaryOf(tag))
  }

  /** Everything stays and is infinitely old. */
  outdate(): void {
    if (this.list) this.list = { ...this.list, isOutdated: true }
    for (const [tag, record] of this.records) this.records.set(tag, { ...record, isOutdated: true })
    for (const [subject, counts] of this.referrers) this.referrers.set(subject, { ...counts, isOutdated: true })
  }

  #dropRecord(tag: Tag): void {
    const record = this.records.get(tag)?.value
    if (!record) return
    this.records.delete(tag)
    if (this.#listed.has(tag)) this.#known--
    this.#labelBytes -= weightOfLabels(record)
    if (!record.ok) return
    const tags = this.#tagsOn.get(record.summary.digest)
    tags?.delete(tag)
    if (tags?.size === 0) this.#tagsOn.delete(record.summary.digest)
  }
}

/** Texts of one image are shared by its tags only by chance: each counts in full. */
function weightOfLabels(record: TagRecord): number {
  if (!record.ok) return 0
  let bytes = 0
  for (const { key, value } of record.summary.labels) bytes += 2 * (key.length + value.length) + TAG_COST
  return bytes
}
