import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import {
  endSession,
  endSessionsOf,
  hasSessionEnded,
  listSessions,
  noteSeen,
  recordSession,
  type SessionRow,
} from './session-rows.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../../store/the-store.ts', () => ({
  theStore: async () => {
    if (!opened.store) throw new StoreError('unreachable', 'The database is down')
    return opened.store
  },
}))

const HOUR = 3_600_000
const limits = { lifetime: 12 * HOUR, idle: HOUR }
let serial = 0
const session = (username: string): SessionRow => {
  const now = Math.ceil(performance.timeOrigin + performance.now())
  const [address, browser] = ['192.0.2.7', 'curl/8']
  return { id: `${username} ${serial++}`, username, beganAt: now, seenAt: now, address, browser, way: 'password' }
}
const names = async (username?: string) =>
  (await listSessions(limits, { limit: 10, ...(username !== undefined && { username }) })).map(({ id }) => id)

/** What another replica would know: nothing yet. */
function forget(id: string): void {
  const all = (globalThis as { [key: symbol]: Map<string, Map<string, unknown>> })[Symbol.for('lading.process-wide')]
  all?.get('ended-sessions')?.delete(id)
}

describeEachDatabase('the list of sessions', (databases) => {
  let store: Store
  beforeEach(async () => {
    store = await openStore(await databases.create())
    opened.store = store
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await store.close()
  })

  it('lists sessions in use, most recent first, of one user or of everyone', async () => {
    const [anna, bo, other] = [session('anna'), session('bo'), session('anna')]
    for (const one of [anna, bo, other]) await recordSession(one, limits.lifetime)
    await noteSeen(anna.id, anna.seenAt + 90_000)
    expect(await names('anna')).toEqual([anna.id, other.id])
    expect((await names()).sort()).toEqual([anna.id, bo.id, other.id].sort())
    expect(await listSessions(limits, { username: 'anna', limit: 1 })).toMatchObject([
      { username: 'anna', address: '192.0.2.7', browser: 'curl/8', way: 'password', seenAt: anna.seenAt + 90_000 },
    ])
    const idle = { ...session('carl'), seenAt: anna.seenAt - 2 * HOUR }
    await recordSession(idle, limits.lifetime)
    expect(await names('carl')).toEqual([])
  })

  it('ends one at every replica, and no other', async () => {
    const [anna, other] = [session('anna'), session('anna')]
    for (const one of [anna, other]) await recordSession(one, limits.lifetime)
    expect(await hasSessionEnded(anna.id)).toBe(false)
    await endSession(anna.id)
    expect(await hasSessionEnded(anna.id)).toBe(true)
    forget(anna.id)
    expect([await hasSessionEnded(anna.id), await hasSessionEnded(other.id)]).toEqual([true, false])
    expect(await names('anna')).toEqual([other.id])
    await endSessionsOf('anna')
    expect(await names('anna')).toEqual([])
  })

  it('forgets sessions that can’t be in use any more', async () => {
    const old = { ...session('anna'), beganAt: Date.now() - 60 * HOUR }
    await recordSession(old, limits.lifetime)
    await recordSession(session('bo'), limits.lifetime)
    expect(await store.read.selectFrom('session').select('username').execute()).toEqual([{ username: 'bo' }])
  })

  it('keeps what it has read while the database is down', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const [anna, bo] = [session('anna'), session('bo')]
    for (const one of [anna, bo]) await recordSession(one, limits.lifetime)
    await endSession(anna.id)
    await hasSessionEnded(bo.id)
    opened.store = undefined
    const now = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => now + 60_000)
    expect([await hasSessionEnded(anna.id), await hasSessionEnded(bo.id)]).toEqual([true, false])
    await recordSession(session('carl'), limits.lifetime)
    expect(error).toHaveBeenCalledWith(expect.stringContaining('could not be listed'))
  })
})
