import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { databaseSignOuts } from '../sessions/database-sign-outs.ts'
import { openSignOuts } from '../sessions/sign-outs.ts'
import { databaseFailures } from './database-failures.ts'
import { SignInThrottle } from './sign-in-throttle.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-shared-'))
afterAll(() => rmSync(folder, { recursive: true }))

describeEachDatabase('replicas', (databases) => {
  let stores: readonly [Store, Store]
  let isDown = false
  let replicas = 0
  const open = (index: 0 | 1) => async () => {
    if (isDown) throw new StoreError('unreachable', 'The database is down')
    return stores[index]
  }
  const signOuts = (index: 0 | 1) =>
    databaseSignOuts(open(index), openSignOuts(join(folder, `${databases.kind}-${replicas++}.json`)))
  beforeEach(async () => {
    const location = await databases.create()
    stores = [await openStore(location), await openStore(location)]
  })
  afterEach(async () => {
    isDown = false
    vi.restoreAllMocks()
    await Promise.all(stores.map((store) => store.close()))
  })

  it('end sessions signed out at another one, and never undo a sign-out', async () => {
    const [one, other] = [signOuts(0), signOuts(1)]
    const name = `anna-${databases.kind}`
    expect(await other.lastOf(name)).toBe(0)
    const before = Date.now()
    await one.record(name)
    const later = performance.now() + 1500
    vi.spyOn(performance, 'now').mockImplementation(() => later)
    expect(await other.lastOf(name)).toBeGreaterThanOrEqual(before)
    expect(await other.lastOf('bo')).toBe(0)
  })

  it('apply a sign-out locally even while the database is down', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const one = signOuts(0)
    isDown = true
    await one.record(`carl-${databases.kind}`)
    expect(await one.lastOf(`carl-${databases.kind}`)).toBeGreaterThan(0)
  })

  it('refuse guesses spread over all of them', async () => {
    const throttles = ([0, 1] as const).map((index) => new SignInThrottle(databaseFailures(open(index))))
    const source = { account: 'anna', address: '203.0.113.9' }
    const attempts = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (throttles[index % 2] as SignInThrottle).begin(source)),
    )
    expect(attempts.filter((attempt) => 'delay' in attempt)).toHaveLength(5)
    expect(await throttles[0]?.begin({ ...source, address: '198.51.100.7' })).toHaveProperty('delay')
    const rows = await stores[0].read.selectFrom('sign_in_failure').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('anna')
  })

  it('keep refusing while the database is down', async () => {
    isDown = true
    const throttle = new SignInThrottle(databaseFailures(open(0)))
    const source = { account: 'anna', address: '203.0.113.9' }
    for (let attempt = 0; attempt < 5; attempt++) expect(await throttle.begin(source)).toHaveProperty('delay')
    expect(await throttle.begin(source)).toHaveProperty('refusedFor')
  })
})
