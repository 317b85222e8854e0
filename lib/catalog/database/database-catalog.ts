import { sql, type Transaction } from 'kysely'
import type { NewestTag } from '../../image/inspect/newest-tag.ts'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { commitAll } from '../../store/commit-together.ts'
import type { Store } from '../../store/store.ts'
import type { Tables } from '../../store/tables.ts'
import type {
  Catalog,
  CatalogTagPage,
  ImagePage,
  ReferrerCounts,
  RepositoryList,
  Seen,
  TagCounts,
  TagList,
  TagQuery,
  TagRecord,
} from '../catalog.ts'
import { type Clock, systemClock } from '../clock.ts'
import { readNewestTag } from './read-newest-tag.ts'
import { readReferrerCounts, recordReferrerCounts } from './referrer-counts.ts'
import { RepositoryLists } from './repository-lists.ts'
import { confirmTag } from './settled-tags.ts'
import { SteadyClock } from './steady-clock.ts'
import { TagLists } from './tag-lists.ts'
import { readImagePage, readTagPage } from './tag-pages.ts'
import { TagRecordReader } from './tag-record-reader.ts'
import { TagRecordWriter } from './tag-record-writer.ts'
import { readTagsOn, readUnknownTags } from './tag-records.ts'

/**
 * The catalog in the database: it outlives the process, and all processes on the database see the same. Everything here
 * fails with `StoreError` when the database does.
 */
export class DatabaseCatalog implements Catalog {
  readonly #store: Store
  readonly #clock: SteadyClock
  readonly #repositories: RepositoryLists
  readonly #lists: TagLists
  readonly #records: TagRecordReader
  readonly #recording: TagRecordWriter

  constructor(store: Store, { clock = systemClock }: { readonly clock?: Clock } = {}) {
    this.#store = store
    this.#clock = new SteadyClock(clock)
    this.#repositories = new RepositoryLists(store, this.#clock)
    this.#lists = new TagLists(store, this.#clock)
    this.#records = new TagRecordReader(store, this.#clock)
    this.#recording = new TagRecordWriter(store, this.#clock)
  }

  repositories(registry: string): Promise<Seen<RepositoryList> | undefined> {
    return this.#repositories.read(registry)
  }

  recordRepositories(registry: string, list: RepositoryList, isOutdated?: boolean): Promise<void> {
    return this.#repositories.record(registry, list, isOutdated)
  }

  recordRepository(place: Place): Promise<void> {
    return this.#repositories.add(place)
  }

  tags(place: Place): Promise<Seen<TagList> | undefined> {
    return this.#lists.read(place)
  }

  tagCounts(place: Place): Promise<Seen<TagCounts> | undefined> {
    return this.#lists.counts(place)
  }

  recordTags(place: Place, list: TagList, isOutdated?: boolean): Promise<void> {
    return this.#lists.record(place, list, isOutdated)
  }

  tagPage(place: Place, query: TagQuery): Promise<Seen<CatalogTagPage> | undefined> {
    return readTagPage(this.#store, this.#clock, place, query)
  }

  imagePage(place: Place, query: TagQuery): Promise<Seen<ImagePage> | undefined> {
    return readImagePage(this.#store, this.#clock, place, query)
  }

  newestTag(place: Place): Promise<NewestTag | undefined> {
    return readNewestTag(this.#store, place)
  }

  tagRecords(place: Place, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, Seen<TagRecord>>> {
    return this.#records.read(place, tags)
  }

  recordTag(place: Place, tag: Tag, record: TagRecord, askedAt?: number): Promise<void> {
    return this.#recording.write(place, tag, record, askedAt)
  }

  confirmTag(place: Place, tag: Tag, digest: Digest, askedAt = this.#clock.now()): Promise<void> {
    return confirmTag(this.#store, place, { tag, digest, at: askedAt })
  }

  unknownTags(place: Place, after: Tag | undefined, limit: number): Promise<readonly Tag[]> {
    return readUnknownTags(this.#store, place, after, limit)
  }

  tagsOn(place: Place, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, readonly Seen<Tag>[]>> {
    return readTagsOn(this.#store, this.#clock, place, digests)
  }

  referrerCounts(place: Place, subject: string): Promise<Seen<ReferrerCounts> | undefined> {
    return readReferrerCounts(this.#store, this.#clock, place, subject)
  }

  recordReferrerCounts(place: Place, subject: string, counts: ReferrerCounts): Promise<void> {
    return recordReferrerCounts(this.#store, this.#clock, place, subject, counts)
  }

  async changed(place: Place): Promise<void> {
    await commitAll(this.#store, place, outdateAll)
  }

  registryChanged(registry: string): Promise<void> {
    return this.#repositories.outdate(registry)
  }
}

/** A place that many changes were made in is outdated once. */
async function outdateAll(db: Transaction<Tables>, places: readonly Place[]): Promise<undefined> {
  for (const [registry, changed] of Map.groupBy(places, (place) => place.registry)) {
    const names = [...new Set(changed.map(({ repository }) => repository))]
    await db
      .updateTable('repository')
      .set({ generation: sql`generation + 1` })
      .where('name', 'in', names)
      .where('registry_id', 'in', (eb) => eb.selectFrom('registry').select('id').where('name', '=', registry))
      .execute()
    await db.updateTable('registry').set({ is_outdated: 1 }).where('name', '=', registry).execute()
  }
}
