import { type Kysely, sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'
import type { Tables } from '../tables.ts'
import type { Fence } from './fence.ts'
import { hasEnded } from './lease-holder.ts'

/** A lease that hasn't been taken for this long is forgotten. Milliseconds. */
const FORGOTTEN_AFTER = 24 * 3_600_000

/** Of a row of `lease`. One that would last longer than any does was taken before the clock was set back. */
export function isTaken({ now }: StoreDialect, ttl: number) {
  return sql<boolean>`lease.expires_at > ${now} and lease.expires_at <= ${now} + ${ttl}`
}

/**
 * Takes a lease that is free, or that its holder hasn't renewed in time.
 * @param ttl how long it is held without being renewed, in milliseconds; the same for all of a name
 * @returns undefined while another holds it
 * @throws StoreError
 */
export function takeLease(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  request: LeaseRequest,
): Promise<Fence | undefined> {
  if (db.isTransaction) return take(db, dialect, request)
  return db.transaction().execute((transaction) => take(transaction, dialect, request))
}

export interface LeaseRequest {
  readonly name: string
  readonly holder: string
  readonly ttl: number
}

async function take(db: Kysely<Tables>, dialect: StoreDialect, { name, holder, ttl }: LeaseRequest) {
  const { now } = dialect
  // On PostgreSQL this waits for transactions that check the old number, as an update would not.
  const ended = await sql<{ fence: number }>`
    delete from lease where name = ${name} and not (${isTaken(dialect, ttl)}) returning fence`.execute(db)
  const before = Number(ended.rows[0]?.fence ?? 0)
  const { rows } = await sql<{ fence: number }>`
    insert into lease (name, holder, fence, expires_at)
    select ${name}, ${holder}, 1 + (
      select max(fence) from (select fence from lease union all select cast(${before} as bigint)) as given
    ), ${now} + ${ttl} where true
    on conflict (name) do nothing returning fence`.execute(db)
  return rows[0] && { name, fence: Number(rows[0].fence) }
}

/**
 * Makes sure that the previous holder of a lease can write nothing under it any more.
 * @returns false while it is held
 * @throws StoreError
 */
export async function endLease(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { name, fence }: Fence,
  ttl: number,
): Promise<boolean> {
  const { rows } = await sql<{ fence: number }>`select fence from lease where name = ${name}`.execute(db)
  if (Number(rows[0]?.fence) !== fence) return true
  const taken = await takeLease(db, dialect, { name, holder: 'nobody', ttl })
  if (taken) await giveUpLease(db, taken)
  return taken !== undefined
}

/** @returns whether it was still held. @throws StoreError */
export async function renewLease(
  db: Kysely<Tables>,
  { now }: StoreDialect,
  { name, fence }: Fence,
  ttl: number,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update lease set expires_at = ${now} + ${ttl} where name = ${name} and fence = ${fence}`.execute(db)
  return Number(numAffectedRows ?? 0) > 0
}

/** Lets the next one have it at once. @throws StoreError */
export async function giveUpLease(db: Kysely<Tables>, { name, fence }: Fence): Promise<void> {
  await sql`update lease set expires_at = 0 where name = ${name} and fence = ${fence}`.execute(db)
}

/**
 * Lets others have at once what processes of this machine held that have ended. All others are waited for.
 * @throws StoreError
 */
export async function endLeasesOfEnded(db: Kysely<Tables>, { now, isOneOfTexts }: StoreDialect): Promise<void> {
  const held = await db
    .selectFrom('lease')
    .select('holder')
    .distinct()
    .where((eb) => sql`${eb.ref('expires_at')} > ${now}`)
    .execute()
  const ended = held.map(({ holder }) => holder).filter(hasEnded)
  if (ended.length === 0) return
  await db
    .updateTable('lease')
    .set({ expires_at: 0 })
    .where((eb) => isOneOfTexts(eb.ref('holder'), ended))
    .execute()
}

/** Drops leases without a holder. The highest number stays, so that none is ever given twice. @throws StoreError */
export async function forgetLeases(db: Kysely<Tables>, { now }: StoreDialect): Promise<void> {
  await sql`
    delete from lease where expires_at < ${now} - ${FORGOTTEN_AFTER}
      and fence < (select max(fence) from lease)`.execute(db)
}
