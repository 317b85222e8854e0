import type { NameFilter } from '../filter/name-filter.ts'
import type { NewestTag } from '../image/inspect/newest-tag.ts'
import type { SortDirection, TagSortKey } from '../image/inspect/tags.ts'
import type { ReferrerKind } from '../image/referrers/referrer-kind.ts'
import type { Digest } from '../oci/digest.ts'
import type { Place } from '../oci/place.ts'
import type { RepositoryName, Tag } from '../oci/reference.ts'
import type { PushTimes } from '../registry/listing.ts'
import type { RowSummary } from './row-summary.ts'

/**
 * The data seen in the registries. The registry is the truth and this is a cache with an age: it never asks a registry,
 * every answer says how old it is, and what was never seen is undefined. It knows no users: callers authorize. In
 * memory or in a database; each implementation passes `contract/catalog-contract.ts`.
 */
export interface Catalog {
  /** Tags of one repository that records are kept of; a further one pushes out the oldest. Without it, of all. */
  readonly recordLimit?: number

  /**
   * The repositories of a registry as last listed, with those recorded one by one since; where it was never listed these
   * alone, as a partial list that is infinitely old. The same list object while nothing changes: callers keep what they
   * derive from it.
   */
  repositories(registry: string): Promise<Seen<RepositoryList> | undefined>
  /** @param isOutdated it was begun before a change: infinitely old */
  recordRepositories(registry: string, list: RepositoryList, isOutdated?: boolean): Promise<void>
  /** A repository that was opened or written to: kept although a later partial list, or none, names it. */
  recordRepository(place: Place): Promise<void>

  tags(place: Place): Promise<Seen<TagList> | undefined>
  /** How many tags were last listed, and of how many there is a record. */
  tagCounts(place: Place): Promise<Seen<TagCounts> | undefined>
  /**
   * Tags that a complete list lacks lose their records; a partial list removes nothing. An empty list need not be kept
   * where nothing else shows that there is such a repository.
   * @param isOutdated it was begun before a change: infinitely old
   */
  recordTags(place: Place, list: TagList, isOutdated?: boolean): Promise<void>
  /** One page of the last list, in a total order: pages neither repeat nor lose a tag. @throws FormatError `pattern` */
  tagPage(place: Place, query: TagQuery): Promise<Seen<CatalogTagPage> | undefined>
  /** One page of the digests that the listed tags are on, as far as that is known. @throws FormatError `pattern` */
  imagePage(place: Place, query: TagQuery): Promise<Seen<ImagePage> | undefined>
  /** The newest of the listed tags: only with a complete list and a record of each, or push times. */
  newestTag(place: Place): Promise<NewestTag | undefined>

  /** The known records of tags; unknown tags are left out. */
  tagRecords(place: Place, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, Seen<TagRecord>>>
  /**
   * A failure need not be kept about a tag that was never listed or read.
   * @param askedAt when the registry was asked: what was recorded of a later reading stays. Milliseconds since the epoch
   */
  recordTag(place: Place, tag: Tag, record: TagRecord, askedAt?: number): Promise<void>
  /**
   * It still points there, so that its record is as new as if it had been recorded again. Nothing where it has none, or another.
   * @param askedAt as for a record
   */
  confirmTag(place: Place, tag: Tag, digest: Digest, askedAt?: number): Promise<void>
  /** Listed tags without a record, by name: the first of those after `after`. */
  unknownTags(place: Place, after: Tag | undefined, limit: number): Promise<readonly Tag[]>
  /** Tags on each of the digests, highest version first, as last recorded and however long ago. */
  tagsOn(place: Place, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, readonly Seen<Tag>[]>>

  /** @param subject what was counted, in the caller's own notation */
  referrerCounts(place: Place, subject: string): Promise<Seen<ReferrerCounts> | undefined>
  recordReferrerCounts(place: Place, subject: string, counts: ReferrerCounts): Promise<void>

  /**
   * The repository was changed or may have been: everything known of it, and the list of its registry's repositories,
   * stays readable but is infinitely old.
   */
  changed(place: Place): Promise<void>
  /** Likewise the list of a registry's repositories: somebody asked for it to be listed again. */
  registryChanged(registry: string): Promise<void>
}

export interface Seen<T> {
  readonly value: T
  /** Milliseconds since the epoch, for people. */
  readonly seenAt: number
  /**
   * Milliseconds, for decisions: never negative, never shorter because a clock was set back, `Infinity` for what is
   * known to be out of date.
   */
  readonly age: number
}

export interface RepositoryList {
  /** By code unit, so that what is below a path is one run. */
  readonly sorted: readonly RepositoryName[]
  /** Why the list is known to be partial. */
  readonly partial?: string
}

export interface TagList {
  /** Ordinary tags. */
  readonly tags: readonly Tag[]
  /** Tags that hold signatures and other referrers of a digest: counted, but not listed. */
  readonly folded: readonly Tag[]
  readonly partial?: string
  readonly pushed?: PushTimes
}

export interface TagCounts {
  readonly total: number
  readonly known: number
  /** As of the list. */
  readonly partial?: string
}

/** What a tag points at, or why that can't be read. Outages aren't recorded: they aren't about the tag. */
export type TagRecord =
  | { readonly ok: true; readonly summary: RowSummary }
  | { readonly ok: false; readonly error: Error }

export interface TagQuery {
  readonly filter?: NameFilter
  readonly sort: TagSortKey
  readonly direction: SortDirection
  readonly offset: number
  readonly limit: number
}

export interface CatalogTagPage {
  readonly tags: readonly Tag[]
  /** Of the whole list. */
  readonly total: number
  readonly matching: number
  /** Matching tags with a record: an order by creation or size is final only when these are all. */
  readonly known: number
  /** All tags with a record. */
  readonly knownTotal: number
  readonly folded: number
  readonly hasLatest: boolean
  readonly partial?: string
  readonly pushed?: PushTimes
}

/** Every count is "at least" while `known < total` or the list is partial. */
export interface ImagePage {
  readonly images: readonly TaggedImage[]
  /** Distinct digests with a tag that matches. */
  readonly matching: number
  /** Listed tags, and those of them with a record. */
  readonly total: number
  readonly known: number
  readonly partial?: string
}

export interface TaggedImage {
  readonly digest: Digest
  /** All tags on it, highest version first. */
  readonly tags: readonly Tag[]
}

export type ReferrerCounts = Readonly<Record<ReferrerKind, number>>
