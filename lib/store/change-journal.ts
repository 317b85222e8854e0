import { randomUUID } from 'node:crypto'
import type { Insertable, Selectable, Transaction, Updateable } from 'kysely'
import { type Digest, isDigest, parseDigest } from '../oci/digest.ts'
import type { Place } from '../oci/place.ts'
import { parseRepositoryName, parseTag, type Tag } from '../oci/reference.ts'
import type { ImageDeletionRecord } from '../registry/deletion-record.ts'
import type { DeletionEntry, DeletionJournal, DeletionRecord } from '../registry/registry.ts'
import { commitAll } from './commit-together.ts'
import { currentFence, type Fence } from './leases/fence.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/** A tag that is about to point at something else. The rest of the record is what it points at now. */
export interface OverwriteRecord extends Omit<DeletionRecord, 'placeholder'> {
  /** What it is to point at, where that is known beforehand. */
  readonly replacement: Digest | null
}

export type ChangeRecord = DeletionRecord | ImageDeletionRecord | OverwriteRecord

/** A change as the journal knows it. */
export interface JournalledChange {
  /** Names the entry inside its journal. */
  readonly id: string
  /** When it began; RFC 3339. */
  readonly began: string
  readonly record: ChangeRecord
  /** Every manifest that may have been put in the place of the original. */
  readonly placeholders: readonly Digest[]
  /** Other tags that the registry took with the one that was to be deleted, and that are missing since. */
  readonly tookAlong: readonly Tag[]
  /** Absent while it runs, or when it was interrupted. */
  readonly outcome?: string
  /** Whether what it took away was put back. */
  readonly isRestored?: boolean
  /** What the tag points at since, where one was overwritten. */
  readonly replacement?: Digest
  /** Who did it. */
  readonly by?: string
  /** The plan that it was part of. */
  readonly plan?: string
  /** What it is made under. Absent for one that is in no journal any more. */
  readonly under?: Fence
}

/** Who makes a change, and as part of which plan. */
export type ChangeOrigin = Pick<JournalledChange, 'by' | 'plan'>

/**
 * What changes take away, in the database before they do, and each step before the next is taken. It is written under
 * the lease in force: a process that another has taken the place of gets no further.
 */
export interface ChangeJournal extends DeletionJournal {
  /** @throws StoreError, LeaseError, and then nothing may be changed */
  begin(record: ChangeRecord, origin?: ChangeOrigin): Promise<DeletionEntry & { readonly id: string }>
  /** Undefined when there is no such entry. @throws StoreError */
  entry(id: string): Promise<JournalledChange | undefined>
  /** Of one repository, or of all, oldest first. @throws StoreError */
  entries(query?: { readonly place?: Place; readonly since?: string }): Promise<JournalledChange[]>
  /** Those without an outcome, oldest first. @throws StoreError */
  open(): Promise<JournalledChange[]>
  /** Notes how an entry that was left open has ended. @throws StoreError */
  close(id: string, outcome: string, replacement?: Digest): Promise<void>
  /** Notes that what an entry took away is back. @throws StoreError */
  restored(id: string): Promise<void>
  /** Forgets entries that began before, but for open ones. @returns how many @throws StoreError */
  forgetBefore(time: Date): Promise<number>
}

/** Of a change made without a lease: interrupted as soon as it's checked. */
const NO_LEASE: Fence = { name: '', fence: 0 }

export function openChangeJournal(store: () => Promise<Store>): ChangeJournal {
  const set = async (id: string, change: Updateable<Tables['change_entry']>) => {
    await commitAll(await store(), { id, change }, updateAll)
  }
  return {
    async begin({ bytes, ...record }, { by, plan } = {}) {
      const now = new Date()
      const began = now.toISOString()
      const id = `${idPrefix(now)}-${randomUUID()}`
      const { name, fence } = currentFence() ?? NO_LEASE
      const placeholders = 'placeholder' in record && record.placeholder ? [record.placeholder] : []
      const row = {
        id,
        began,
        registry: record.registry,
        repository: record.repository,
        record: JSON.stringify(record),
        document: bytes,
        stand_ins: JSON.stringify(placeholders),
        actor: by ?? null,
        plan: plan ?? null,
        lease: name,
        fence,
      }
      await commitAll(await store(), row, insertAll)
      return {
        id,
        async step(_step, placeholder) {
          // Also when there is nothing to note: a process that has been replaced must stop here.
          if (!placeholder || placeholders.includes(placeholder)) return set(id, { fence })
          placeholders.push(placeholder)
          await set(id, { stand_ins: JSON.stringify(placeholders) })
        },
        tookAlong: (tags) => set(id, { took_along: JSON.stringify(tags) }),
        end: (outcome) => set(id, { outcome }),
      }
    },
    async entry(id) {
      const row = await (await store()).read
        .selectFrom('change_entry')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && entryOf(row)
    },
    async entries({ place, since = '' } = {}) {
      const all = (await store()).read.selectFrom('change_entry').selectAll().where('began', '>=', since).orderBy('id')
      const asked = place ? all.where('registry', '=', place.registry).where('repository', '=', place.repository) : all
      return (await asked.execute()).map(entryOf)
    },
    async open() {
      const rows = await (await store()).read
        .selectFrom('change_entry')
        .selectAll()
        .where('outcome', 'is', null)
        .orderBy('id')
        .execute()
      return rows.map(entryOf)
    },
    close: (id, outcome, replacement) => set(id, { outcome, ...(replacement && { replacement }) }),
    restored: (id) => set(id, { restored_at: Date.now() }),
    async forgetBefore(time) {
      const { numDeletedRows } = await (await store()).write
        .deleteFrom('change_entry')
        .where('id', '<', idPrefix(time))
        .where('outcome', 'is not', null)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}

type Entry = Tables['change_entry']

async function insertAll(db: Transaction<Tables>, rows: readonly Insertable<Entry>[]): Promise<undefined> {
  await db.insertInto('change_entry').values(rows).execute()
}

/** Most changes end alike, so that one statement is for many. */
async function updateAll(
  db: Transaction<Tables>,
  updates: readonly { readonly id: string; readonly change: Updateable<Entry> }[],
): Promise<undefined> {
  for (const alike of Map.groupBy(updates, ({ change }) => JSON.stringify(change)).values()) {
    const ids = alike.map(({ id }) => id)
    await db
      .updateTable('change_entry')
      .set(alike[0]?.change ?? {})
      .where('id', 'in', ids)
      .execute()
  }
}

/** Ids sort by age. */
function idPrefix(time: Date): string {
  return time.toISOString().replace(/[^0-9TZ]/g, '')
}

function entryOf(row: Selectable<Tables['change_entry']>): JournalledChange {
  const stored = JSON.parse(row.record)
  const { registry, digest, mediaType, tag, tags, replacement } = stored
  // Earlier versions wrote `standIn`, and a deletion may have been interrupted before an upgrade.
  const placeholder = stored.placeholder ?? stored.standIn
  const manifest = {
    registry,
    repository: parseRepositoryName(row.repository),
    digest: parseDigest(digest),
    mediaType,
    bytes: new Uint8Array(row.document),
  }
  const record: ChangeRecord = Array.isArray(tags)
    ? { ...manifest, tags: tags.map(parseTag) }
    : replacement !== undefined
      ? { ...manifest, tag: parseTag(tag), replacement: isDigest(replacement) ? replacement : null }
      : { ...manifest, tag: parseTag(tag), ...(isDigest(placeholder) && { placeholder }) }
  return {
    id: row.id,
    began: row.began,
    record,
    placeholders: JSON.parse(row.stand_ins).map(parseDigest),
    tookAlong: JSON.parse(row.took_along).map(parseTag),
    ...(row.outcome !== null && { outcome: row.outcome }),
    ...(row.restored_at !== null && { isRestored: true }),
    ...(isDigest(row.replacement) && { replacement: row.replacement }),
    ...(row.actor !== null && { by: row.actor }),
    ...(row.plan !== null && { plan: row.plan }),
    under: { name: row.lease, fence: Number(row.fence) },
  }
}
