import { sql } from 'kysely'
import type { NewestTag } from '../image/inspect/newest-tag.ts'
import type { Digest } from '../oci/digest.ts'
import type { Place } from '../oci/place.ts'
import type { Tag } from '../oci/reference.ts'
import type { Store } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { noteStoreFailure, noteStoreSuccess, theStore } from '../store/the-store.ts'
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
} from './catalog.ts'
import { DatabaseCatalog } from './database/database-catalog.ts'
import { MemoryCatalog } from './memory/memory-catalog.ts'
import { MissedChanges } from './missed-changes.ts'
import { within } from './read-through/within.ts'

/** Milliseconds that a page waits for the database to open at the start. */
const PATIENCE = 2_000
/** Milliseconds until a database that failed is tried again. */
const RETRY_AFTER = 10_000

interface Options {
  readonly store?: () => Promise<Store>
  readonly retryAfter?: number
}

/**
 * The catalog in the database, or in memory while the database can't be used: pages never fail because of the database,
 * and never wait for one that is down. In memory it starts empty, so registries are asked again.
 */
export class AvailableCatalog implements Catalog {
  readonly #memory = new MemoryCatalog()
  readonly #missed = new MissedChanges()
  readonly #store: () => Promise<Store>
  readonly #retryAfter: number
  #isStarted = false
  #opening: Promise<void> | undefined
  #database: DatabaseCatalog | undefined
  #retryAt = Number.NEGATIVE_INFINITY

  constructor({ store = theStore, retryAfter = RETRY_AFTER }: Options = {}) {
    this.#store = store
    this.#retryAfter = retryAfter
  }

  /** Until then everything is in memory: tests and scripts that only read have no database. */
  start(): void {
    this.#isStarted = true
    this.#open()
  }

  get recordLimit(): number | undefined {
    return this.#database ? undefined : this.#memory.recordLimit
  }

  repositories(registry: string): Promise<Seen<RepositoryList> | undefined> {
    return this.#ask((catalog) => catalog.repositories(registry))
  }

  recordRepositories(registry: string, list: RepositoryList, isOutdated?: boolean): Promise<void> {
    return this.#ask((catalog) => catalog.recordRepositories(registry, list, isOutdated))
  }

  recordRepository(place: Place): Promise<void> {
    return this.#ask((catalog) => {
      if (catalog === this.#memory) this.#missed.add('exists', place)
      return catalog.recordRepository(place)
    })
  }

  tags(place: Place): Promise<Seen<TagList> | undefined> {
    return this.#ask((catalog) => catalog.tags(place))
  }

  tagCounts(place: Place): Promise<Seen<TagCounts> | undefined> {
    return this.#ask((catalog) => catalog.tagCounts(place))
  }

  recordTags(place: Place, list: TagList, isOutdated?: boolean): Promise<void> {
    return this.#ask((catalog) => catalog.recordTags(place, list, isOutdated))
  }

  tagPage(place: Place, query: TagQuery): Promise<Seen<CatalogTagPage> | undefined> {
    return this.#ask((catalog) => catalog.tagPage(place, query))
  }

  imagePage(place: Place, query: TagQuery): Promise<Seen<ImagePage> | undefined> {
    return this.#ask((catalog) => catalog.imagePage(place, query))
  }

  newestTag(place: Place): Promise<NewestTag | undefined> {
    return this.#ask((catalog) => catalog.newestTag(place))
  }

  tagRecords(place: Place, tags: readonly Tag[]): Promise<ReadonlyMap<Tag, Seen<TagRecord>>> {
    return this.#ask((catalog) => catalog.tagRecords(place, tags))
  }

  recordTag(place: Place, tag: Tag, record: TagRecord, askedAt?: number): Promise<void> {
    return this.#ask((catalog) => catalog.recordTag(place, tag, record, askedAt))
  }

  confirmTag(place: Place, tag: Tag, digest: Digest, askedAt?: number): Promise<void> {
    return this.#ask((catalog) => catalog.confirmTag(place, tag, digest, askedAt))
  }

  unknownTags(place: Place, after: Tag | undefined, limit: number): Promise<readonly Tag[]> {
    return this.#ask((catalog) => catalog.unknownTags(place, after, limit))
  }

  tagsOn(place: Place, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, readonly Seen<Tag>[]>> {
    return this.#ask((catalog) => catalog.tagsOn(place, digests))
  }

  referrerCounts(place: Place, subject: string): Promise<Seen<ReferrerCounts> | undefined> {
    return this.#ask((catalog) => catalog.referrerCounts(place, subject))
  }

  recordReferrerCounts(place: Place, subject: string, counts: ReferrerCounts): Promise<void> {
    return this.#ask((catalog) => catalog.recordReferrerCounts(place, subject, counts))
  }

  async changed(place: Place): Promise<void> {
    // Data from an earlier outage would look newer than it is in the next one.
    await this.#memory.changed(place)
    await this.#ask(async (catalog) => {
      if (catalog === this.#memory) this.#missed.add('changed', place)
      else await catalog.changed(place)
    })
  }

  async registryChanged(registry: string): Promise<void> {
    await this.#memory.registryChanged(registry)
    await this.#ask((catalog) => catalog.registryChanged(registry))
  }

  async #ask<T>(question: (catalog: Catalog) => Promise<T>): Promise<T> {
    if (this.#isStarted && !this.#database) await this.#wait()
    const database = this.#database
    if (!database) return question(this.#memory)
    try {
      return await question(database)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (this.#database === database) this.#fail(error)
      return question(this.#memory)
    }
  }

  /** For the first opening. A database that failed is tried again behind the pages. */
  async #wait(): Promise<void> {
    const isFirst = this.#retryAt === Number.NEGATIVE_INFINITY
    if (performance.now() >= this.#retryAt) this.#open()
    if (isFirst && this.#opening) await within(PATIENCE, this.#opening)
  }

  #open(): void {
    this.#opening ??= this.#connect()
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#opening = undefined
      })
  }

  async #connect(): Promise<void> {
    const store = await this.#store()
    // A database that is full or read-only still answers reads, but would never learn anything new.
    await sql`update catalog_state set version = version`.execute(store.write)
    const database = new DatabaseCatalog(store)
    await this.#missed.replay(database)
    this.#database = database
    noteStoreSuccess()
  }

  #fail(error: unknown): void {
    this.#database = undefined
    this.#retryAt = performance.now() + this.#retryAfter
    noteStoreFailure(error)
    // `theStore` reports what keeps it from opening; a failing statement is our own bug.
    if (!(error instanceof StoreError) || error.code === 'failed')
      console.error('The database failed, so the catalog stays in memory', error)
  }
}
