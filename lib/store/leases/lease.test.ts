import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, expect, it, vi } from 'vitest'
import { startTcpRelay } from '../../testing/servers/tcp-relay.ts'
import { openStore, type StoreLocation } from '../open-store.ts'
import type { Store } from '../store.ts'
import { describeEachDatabase } from '../testing/each-database.ts'
import { currentFence, fencedBy, unfenced } from './fence.ts'
import { holdLease } from './lease.ts'
import { endLeasesOfEnded, forgetLeases, takeLease } from './take-lease.ts'

const TTL = 2_000
const opened: Store[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await Promise.all(opened.splice(0).map((store) => store.close()))
})

async function open(location: StoreLocation): Promise<Store> {
  const store = await openStore(location)
  opened.push(store)
  return store
}

function startHolder(location: StoreLocation, name: string, ttl = TTL) {
  const script = join(import.meta.dirname, 'testing', 'write-under-lease.ts')
  const child = spawn(process.execPath, [script, JSON.stringify(location), name, String(ttl)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  // It may have ended before somebody asks.
  const exited = once(child, 'exit')
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const says = (pattern: RegExp, timeout = 30_000) =>
    vi.waitFor(() => expect(output).toMatch(pattern), { timeout, interval: 10 })
  return { child, exited, says, output: () => output }
}

const rowsOf = async ({ read }: Store, name: string) =>
  (await read.selectFrom('registry').select('name').where('name', 'like', `${name}-%`).execute()).length

describeEachDatabase('a lease', (databases) => {
  it('is held by one, and passes to the next when released', async () => {
    const location = await databases.create()
    const [one, other] = [await open(location), await open(location)]
    const all = await Promise.all([
      holdLease(one, 'sync hub'),
      holdLease(other, 'sync hub'),
      holdLease(one, 'sync hub'),
    ])
    const held = all.filter((lease) => lease !== undefined)
    expect(held).toHaveLength(1)
    expect(await holdLease(other, 'sync quay')).toBeDefined()
    await held[0]?.release()
    const next = await holdLease(other, 'sync hub')
    expect(next?.fence).toBeGreaterThan(held[0]?.fence ?? Number.POSITIVE_INFINITY)
    expect(held[0]?.signal.aborted).toBe(false)
  })

  it('is renewed while its holder lives, and taken over soon after the holder is killed', async () => {
    const location = await databases.create()
    const store = await open(location)
    const first = startHolder(location, 'first')
    await first.says(/held/)
    const second = startHolder(location, 'second')
    await second.says(/waiting/)
    await new Promise((resolve) => setTimeout(resolve, 1.5 * TTL))
    expect(second.output()).toBe('waiting\n')
    first.child.kill('SIGKILL')
    const killedAt = performance.now()
    await second.says(/held/)
    expect(performance.now() - killedAt).toBeLessThan(TTL + 10_000)
    await second.says(/\n3\n/)
    expect(await rowsOf(store, 'second')).toBeGreaterThanOrEqual(3)
  })

  it('is free at once when its holder on this machine was killed, and not while that runs', async () => {
    const location = await databases.create()
    const { write, dialect } = await open(location)
    const takeOver = async () => {
      await endLeasesOfEnded(write, dialect)
      return takeLease(write, dialect, { name: 'work', holder: 'next', ttl: 60_000 })
    }
    const { child, exited, says } = startHolder(location, 'first', 60_000)
    await says(/held/)
    expect(await takeOver()).toBeUndefined()
    child.kill('SIGKILL')
    await exited
    expect(await takeOver()).toBeDefined()
  })

  it('fences off a holder that was stopped past its end: it writes nothing when it wakes', async () => {
    const location = await databases.create()
    const store = await open(location)
    const first = startHolder(location, 'first')
    await first.says(/\n3\n/)
    const second = startHolder(location, 'second')
    await second.says(/waiting/)
    // SQLite lets nobody else write while a transaction lasts. So it stops after a row, and once more where it was caught
    // in the middle of renewing the lease all the same.
    for (;;) {
      first.child.kill('SIGUSR2')
      const isHeld = await second.says(/held/, 2 * TTL).then(
        () => true,
        () => false,
      )
      if (isHeld) break
      first.child.kill('SIGCONT')
    }
    await second.says(/\n3\n/)
    const written = await rowsOf(store, 'first')
    first.child.kill('SIGCONT')
    await first.says(/LeaseError/)
    await first.says(/knows/)
    expect(await rowsOf(store, 'first')).toBe(written)
    expect((await first.exited)[0]).toBe(0)
  })

  it('fences only its own work: neither what follows nor what runs beside it', async () => {
    const store = await open(await databases.create())
    const lease = await takeLease(store.write, store.dialect, { name: 'work', holder: 'here', ttl: TTL })
    if (!lease) throw new Error('the lease is free')
    await sql`update lease set fence = fence + 1`.execute(store.write)
    const add = (name: string) => store.write.insertInto('registry').values({ name }).execute()
    let later: Promise<unknown> = Promise.resolve()
    await fencedBy(lease, async () => {
      expect(currentFence()).toEqual(lease)
      await expect(add('statement')).rejects.toMatchObject({ name: 'LeaseError' })
      const transaction = store.write.transaction().execute((db) => sql`delete from lease`.execute(db))
      await expect(transaction).rejects.toMatchObject({ name: 'LeaseError' })
      await unfenced(() => add('beside'))
      later = new Promise((resolve) => setTimeout(() => resolve(add('later')), 20))
    })
    await later
    const names = await store.read.selectFrom('registry').select('name').orderBy('id').execute()
    expect(names).toEqual([{ name: 'beside' }, { name: 'later' }])
  })

  it('ends in time although the database’s clock was set back, and its number is never reused', async () => {
    const store = await open(await databases.create())
    const take = (name: string) => takeLease(store.write, store.dialect, { name, holder: 'here', ttl: TTL })
    const first = await take('work')
    await sql`update lease set expires_at = expires_at + 3600000`.execute(store.write)
    const second = await take('work')
    expect(second?.fence).toBeGreaterThan(first?.fence ?? Number.POSITIVE_INFINITY)
    await sql`update lease set expires_at = 0`.execute(store.write)
    const other = await take('other')
    await forgetLeases(store.write, store.dialect)
    expect(await store.read.selectFrom('lease').select('name').execute()).toEqual([{ name: 'other' }])
    const third = await take('work')
    expect(third?.fence).toBeGreaterThan(other?.fence ?? Number.POSITIVE_INFINITY)
  })

  it('informs its holder when it couldn’t be renewed in time', async () => {
    const store = await open(await databases.create())
    const lease = await holdLease(store, 'work', TTL)
    await sql`drop table lease`.execute(store.write)
    await expect.poll(() => lease?.signal.aborted, { interval: 20 }).toBe(true)
    expect(lease?.signal.reason).toMatchObject({ name: 'LeaseError' })
  })

  it('is lost in time by a holder whose database no longer answers', async ({ skip }) => {
    skip(databases.kind !== 'postgres', 'SQLite has no connection that could break')
    await using relay = await startTcpRelay(databases.server().port)
    const location = await databases.create()
    if (location.kind !== 'postgres') throw new Error(location.kind)
    const url = new URL(location.url)
    url.port = String(relay.port)
    const lease = await holdLease(await open({ kind: 'postgres', url: url.href }), 'work', TTL)
    relay.freeze()
    await expect.poll(() => lease?.signal.aborted, { interval: 20, timeout: 5 * TTL }).toBe(true)
    expect(lease?.signal.reason).toMatchObject({ name: 'LeaseError' })
  })
})
