import { type Kysely, sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { transact } from '../../store/transact.ts'
import type { TagRecord } from '../catalog.ts'
import { recordSummaries } from './record-summaries.ts'
import { recordLooks, type TagLook } from './record-tags.ts'
import type { SteadyClock } from './steady-clock.ts'
import { errorCode, storedError } from './stored-error.ts'
import { storedText } from './stored-text.ts'
import type { TagSighting } from './tag-rows.ts'

/** Records that one transaction writes. */
const AT_ONCE = 500

interface Waiting {
  readonly place: Place
  readonly tag: Tag
  readonly record: TagRecord
  readonly askedAt: number | undefined
  resolve(): void
  reject(error: unknown): void
}

/**
 * Writes records of tags. Those that come while a transaction is under way go into the next one together: a page reads
 * a hundred at a time, and each commit waits for the disk.
 */
export class TagRecordWriter {
  readonly #store: Store
  readonly #clock: SteadyClock
  #waiting: Waiting[] = []
  #isWriting = false

  constructor(store: Store, clock: SteadyClock) {
    this.#store = store
    this.#clock = clock
  }

  /** Resolves once it is written. @throws StoreError */
  write(place: Place, tag: Tag, record: TagRecord, askedAt?: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ place, tag, record, askedAt, resolve, reject })
      if (!this.#isWriting) void this.#writeAll()
    })
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true
    // Records that arrive in the same turn are written together.
    await null
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, AT_ONCE)
      try {
        await this.#writeBatch(batch)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#isWriting = false
  }

  async #writeBatch(batch: readonly Waiting[]): Promise<void> {
    const { dialect } = this.#store
    const learnt = { at: this.#clock.now(), how: 'sync' } as const
    const places = Map.groupBy(batch, ({ place: { registry, repository } }) => `${registry}/${repository}`)
    await transact(this.#store, async (db) => {
      await recordSummaries(
        db,
        dialect,
        batch.flatMap(({ record }) => (record.ok ? [record.summary] : [])),
      )
      const looks: TagLook[] = []
      for (const some of places.values()) {
        const place = some[0]?.place
        const confirmed = place ? await withoutUnknown(db, dialect, place, some) : []
        if (place && confirmed.length > 0) looks.push({ place, sightings: confirmed.map(sightingOf), learnt })
      }
      if (looks.length > 0) await recordLooks(db, dialect, looks)
    })
  }
}

/** Anyone can ask for a tag that isn't there: a failure is kept only about one that the registry has named. */
async function withoutUnknown(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { registry, repository }: Place,
  records: readonly Waiting[],
): Promise<readonly Waiting[]> {
  const failed = records.filter(({ record }) => !record.ok)
  if (failed.length === 0) return records
  const { rows } = await sql<{ name: string }>`
    select tag.name from ${dialect.rows(
      'wanted',
      { name: 'text' },
      failed.map(({ tag }) => [tag]),
    )}
    join repository on repository.name = ${repository} and repository.gone_at is null
    join registry on registry.id = repository.registry_id and registry.name = ${registry}
    join tag on tag.repository_id = repository.id and tag.name = wanted.name`.execute(db)
  const known = new Set(rows.map(({ name }) => name))
  return records.filter(({ record, tag }) => record.ok || known.has(tag))
}

function sightingOf({ tag, record, askedAt }: Waiting): TagSighting {
  const asked = { tag, ...(askedAt !== undefined && { askedAt }) }
  if (record.ok) return { ...asked, digest: record.summary.digest }
  return { ...asked, problem: errorCode(record.error), error: storedText(storedError(record.error)) }
}
