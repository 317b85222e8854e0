import { processWide } from '../../config/process-wide.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import { StoreError } from '../../store/store-error.ts'
import { theStore } from '../../store/the-store.ts'

/** A session as its user sees it. */
export interface SessionRow {
  readonly id: string
  readonly username: string
  /** Milliseconds since the epoch. */
  readonly beganAt: number
  readonly seenAt: number
  readonly address: string
  /** As the browser names itself. */
  readonly browser: string
  readonly way: string
}

/** Milliseconds: how soon a session that is ended at one replica has ended at the others. */
const READ_AGAIN_AFTER = 1000
const CACHED = 10_000
const DAY = 86_400_000

/** Lists a session that has begun. Without a database it counts all the same, and isn't listed. */
export async function recordSession(
  row: SessionRow & { readonly providerTokens?: string | undefined },
  lifetime: number,
): Promise<void> {
  await orNot('listed', async () => {
    const store = await theStore()
    await store.write
      .insertInto('session')
      .values({
        id: row.id,
        username: row.username,
        began_at: Math.ceil(row.beganAt),
        seen_at: Math.ceil(row.seenAt),
        address: row.address.slice(0, 64),
        browser: row.browser.slice(0, 300),
        way: row.way,
        ended_at: null,
        provider_tokens: row.providerTokens ?? null,
        asking_until: null,
      })
      .execute()
    await store.write
      .deleteFrom('session')
      .where('began_at', '<', Math.floor(steadyNow() - lifetime - DAY))
      .execute()
  })
}

/** Notes that a session was in use. */
export async function noteSeen(id: string, seenAt: number): Promise<void> {
  await orNot('noted', async () => {
    const store = await theStore()
    await store.write
      .updateTable('session')
      .set({ seen_at: Math.ceil(seenAt) })
      .where('id', '=', id)
      .execute()
  })
}

const read = () =>
  processWide('ended-sessions', () => new Map<string, { readonly ended: boolean; readonly readAt: number }>())

/** Whether it was ended. While the database is down, the last known state. */
export async function hasSessionEnded(id: string): Promise<boolean> {
  const known = read().get(id)
  // Ended sessions stay ended.
  if (known && (known.ended || performance.now() - known.readAt < READ_AGAIN_AFTER)) return known.ended
  try {
    const store = await theStore()
    const row = await store.read.selectFrom('session').select('ended_at').where('id', '=', id).executeTakeFirst()
    return remember(id, row?.ended_at != null)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return known?.ended ?? false
  }
}

/**
 * Those that may still be in use, the last used first.
 * @param lifetime of sessions, and `idle` how long they last without use; milliseconds
 * @throws StoreError
 */
export async function listSessions(
  { lifetime, idle }: { readonly lifetime: number; readonly idle: number },
  { username, limit }: { readonly username?: string; readonly limit: number },
): Promise<SessionRow[]> {
  const store = await theStore()
  const now = Math.floor(steadyNow())
  let query = store.read
    .selectFrom('session')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('began_at', '>', now - lifetime)
    .where('seen_at', '>', now - idle)
    .orderBy('seen_at', 'desc')
    .limit(limit)
  if (username !== undefined) query = query.where('username', '=', username)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    username: row.username,
    beganAt: Number(row.began_at),
    seenAt: Number(row.seen_at),
    address: row.address,
    browser: row.browser,
    way: row.way,
  }))
}

/** @throws StoreError */
export async function findSession(
  id: string,
): Promise<{ readonly username: string; readonly address: string } | undefined> {
  const store = await theStore()
  return store.read
    .selectFrom('session')
    .select(['username', 'address'])
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

/** Ends one here at once, and within a second at other replicas. @throws StoreError */
export async function endSession(id: string): Promise<void> {
  const store = await theStore()
  await store.write
    .updateTable('session')
    .set({ ended_at: Math.ceil(steadyNow()), provider_tokens: null })
    .where('id', '=', id)
    .execute()
  remember(id, true)
}

/** Sessions of a user who has signed out everywhere. */
export async function endSessionsOf(username: string): Promise<void> {
  await orNot('ended in the list', async () => {
    const store = await theStore()
    await store.write
      .updateTable('session')
      .set({ ended_at: Math.ceil(steadyNow()), provider_tokens: null })
      .where('username', '=', username)
      .where('ended_at', 'is', null)
      .execute()
  })
}

/** One that has ended here stays so, whatever a reading shows that began before. */
function remember(id: string, isOver: boolean): boolean {
  const all = read()
  const ended = isOver || all.get(id)?.ended === true
  all.delete(id)
  all.set(id, { ended, readAt: performance.now() })
  const oldest = all.keys().next()
  if (all.size > CACHED && !oldest.done) all.delete(oldest.value)
  return ended
}

async function orNot(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    console.error(`A session could not be ${what}: ${error.message}`)
  }
}
