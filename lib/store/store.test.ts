import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { startPostgres } from '../testing/servers/postgres.ts'
import { startTcpRelay } from '../testing/servers/tcp-relay.ts'
import { openStore } from './open-store.ts'
import { forReport, type Store } from './store.ts'
import { describeEachDatabase } from './testing/each-database.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-store-faults-'))
afterAll(() => rmSync(folder, { recursive: true }))

const addRegistry = (store: Store, name: string) => store.write.insertInto('registry').values({ name }).execute()
const registries = async (store: Store) =>
  (await store.read.selectFrom('registry').select('name').orderBy('name').execute()).map(({ name }) => name)

describeEachDatabase('a database', (databases) => {
  it('keeps what was written, and is migrated once', async () => {
    const location = await databases.create()
    const stores = await Promise.all([openStore(location), openStore(location), openStore(location)])
    await addRegistry(stores[0] as Store, 'hub')
    expect(await registries(stores[2] as Store)).toEqual(['hub'])
    expect(await stores[0]?.size()).toBeGreaterThan(1_000)
    await Promise.all(stores.map((store) => store.close()))
    await using again = Object.assign(await openStore(location), disposable)
    expect(await registries(again)).toEqual(['hub'])
  })

  it('rolls back a transaction that fails, and continues with the next', async () => {
    await using store = Object.assign(await openStore(await databases.create()), disposable)
    const failing = store.write.transaction().execute(async (transaction) => {
      await transaction.insertInto('registry').values({ name: 'lost' }).execute()
      await transaction.insertInto('registry').values({ name: 'lost' }).execute()
    })
    await expect(failing).rejects.toMatchObject({ name: 'StoreError', code: 'failed' })
    await addRegistry(store, 'hub')
    expect(await registries(store)).toEqual(['hub'])
  })

  it('runs transactions one after another, and readers beside them', async () => {
    await using store = Object.assign(await openStore(await databases.create()), disposable)
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.write.transaction().execute(async (transaction) => {
          await transaction
            .insertInto('registry')
            .values({ name: `r${index}` })
            .execute()
          expect((await registries(store)).length % 2).toBe(0)
          await transaction
            .insertInto('registry')
            .values({ name: `s${index}` })
            .execute()
        }),
      ),
    )
    expect(await registries(store)).toHaveLength(40)
  })

  it('refuses a database that a newer version has written', async () => {
    const location = await databases.create()
    const store = await openStore(location)
    if (store.dialect.name === 'sqlite') await sql`pragma user_version = 999`.execute(store.write)
    else await sql`insert into schema_version values (999)`.execute(store.write)
    await store.close()
    await expect(openStore(location)).rejects.toMatchObject({ name: 'StoreError', code: 'newer' })
  })
})

describe('SQLite', () => {
  it('leaves the event loop free while a statement takes long', async () => {
    await using store = Object.assign(await openStore({ kind: 'sqlite', file: join(folder, 'busy.db') }), disposable)
    let ticks = 0
    const timer = setInterval(() => ticks++, 5)
    const slow = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000) select sum(i) from n`
    await slow.execute(store.read)
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(3)
  })

  it('answers pages while a report reads', async () => {
    await using store = Object.assign(await openStore({ kind: 'sqlite', file: join(folder, 'report.db') }), disposable)
    const slow = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000) select sum(i) from n`
    const reports = Promise.all(Array.from({ length: 3 }, () => slow.execute(forReport(store).read)))
    const pages = Promise.all(Array.from({ length: 3 }, () => registries(store)))
    expect(await Promise.race([reports.then(() => 'reports'), pages.then(() => 'pages')])).toBe('pages')
    await reports
  })

  it('never starts a read that nobody waits for any more', async () => {
    await using store = Object.assign(await openStore({ kind: 'sqlite', file: join(folder, 'abort.db') }), disposable)
    const slow = sql`with recursive n(i) as (select 1 union all select i + 1 from n where i < 500000) select sum(i) from n`
    const running = [slow.execute(store.read), slow.execute(store.read)]
    const left = AbortSignal.timeout(5)
    await expect(slow.execute(store.read, { signal: left })).rejects.toThrow()
    await Promise.all(running)
    expect(await registries(store)).toEqual([])
  })

  it('says what is wrong with an unusable file', async () => {
    writeFileSync(join(folder, 'damaged.db'), 'this is no database, whatever its name may say'.repeat(100))
    await expect(openStore({ kind: 'sqlite', file: join(folder, 'damaged.db') })).rejects.toMatchObject({
      code: 'damaged',
    })
    writeFileSync(join(folder, 'file'), '')
    await expect(openStore({ kind: 'sqlite', file: join(folder, 'file', 'lading.db') })).rejects.toMatchObject({
      code: 'unreachable',
    })
  })

  it('that another process has locked can be read, and is written again once that lets go', async () => {
    const file = join(folder, 'locked.db')
    await using store = Object.assign(await openStore({ kind: 'sqlite', file }), disposable)
    await addRegistry(store, 'hub')
    const other = new DatabaseSync(file)
    other.exec('begin immediate')
    const began = performance.now()
    const [written, read] = await Promise.allSettled([addRegistry(store, 'edge'), registries(store)])
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(written).toMatchObject({ reason: { name: 'StoreError', code: 'locked' } })
    expect(read).toMatchObject({ value: ['hub'] })
    other.exec('rollback')
    other.close()
    await addRegistry(store, 'edge')
    expect(await registries(store)).toEqual(['edge', 'hub'])
  })

  it('on a full disk can be read, loses nothing, and is written again once there is room', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root may mount a small disk')
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk])
    try {
      await using store = Object.assign(await openStore({ kind: 'sqlite', file: join(disk, 'lading.db') }), disposable)
      await addRegistry(store, 'hub')
      execFileSync('sh', ['-c', `dd if=/dev/zero of=${disk}/fill bs=4k 2>/dev/null || true`])
      // The log has room for some rows that are written before it has to grow.
      const added = ['hub']
      const failed = await (async () => {
        for (let row = 0; row < 10_000; row++) {
          const name = `edge-${row}-${'x'.repeat(4_000)}`
          try {
            await addRegistry(store, name)
            added.push(name)
          } catch (error) {
            return error
          }
        }
        return undefined
      })()
      expect(failed).toMatchObject({ name: 'StoreError', code: 'full' })
      expect(await registries(store)).toEqual(added.toSorted())
      rmSync(join(disk, 'fill'))
      await addRegistry(store, 'later')
      expect(await registries(store)).toEqual([...added, 'later'].toSorted())
      expect((await sql`pragma integrity_check`.execute(store.read)).rows).toEqual([{ integrity_check: 'ok' }])
    } finally {
      execFileSync('umount', [disk])
    }
  })

  it('loses nothing committed when it is killed, and stays intact', { timeout: 60_000 }, async () => {
    const file = join(folder, 'killed.db')
    await (await openStore({ kind: 'sqlite', file })).close()
    for (let round = 0; round < 5; round++) {
      const committed = await killedWhileWriting(file, 20 + 30 * round)
      const database = new DatabaseSync(file)
      expect(database.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' })
      const { newest } = database.prepare('select max(id) as newest from registry').get() as { newest: number | null }
      expect(newest).toBeGreaterThanOrEqual(committed)
      database.close()
    }
  })
})

describe('PostgreSQL', () => {
  it('is unreachable where nothing listens', async () => {
    const url = 'postgres://lading:secret@127.0.0.1:9/lading'
    await expect(openStore({ kind: 'postgres', url })).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('fails alone when the server crashes in the middle of its statements, and is back within ten seconds', async () => {
    await using server = await startPostgres()
    const store = await openStore({ kind: 'postgres', url: await server.createDatabase() })
    await addRegistry(store, 'hub')
    const sleeping = Promise.allSettled([store.read, store.write].map((db) => sql`select pg_sleep(60)`.execute(db)))
    await expect
      .poll(
        async () =>
          (await sql`select 1 from pg_stat_activity where query like 'select pg_sleep%'`.execute(store.read)).rows,
      )
      .toHaveLength(2)
    await server.kill()
    for (const result of await sleeping) expect(result).toMatchObject({ reason: { code: 'unreachable' } })
    await expect(registries(store)).rejects.toMatchObject({ code: 'unreachable' })
    await server.restart()
    const backAt = performance.now()
    await expect.poll(() => registries(store).catch(() => [])).toEqual(['hub'])
    await addRegistry(store, 'edge')
    expect(performance.now() - backAt).toBeLessThan(10_000)
    await store.close()
  })

  it('gives up connections that no longer answer, and goes on with new ones', async () => {
    await using server = await startPostgres()
    await using relay = await startTcpRelay(server.port)
    const direct = new URL(await server.createDatabase())
    const url = `postgres://lading@127.0.0.1:${relay.port}${direct.pathname}?query_timeout=500`
    const store = await openStore({ kind: 'postgres', url })
    await addRegistry(store, 'hub')
    const reads = () => Promise.all(Array.from({ length: 6 }, () => registries(store)))
    expect(await reads()).toEqual(Array(6).fill(['hub']))
    relay.freeze()
    for (const result of await Promise.allSettled([
      addRegistry(store, 'lost'),
      ...Array.from({ length: 6 }, () => registries(store)),
    ]))
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'unreachable' } })
    expect(await reads()).toEqual(Array(6).fill(['hub']))
    await addRegistry(store, 'edge')
    expect(await registries(store)).toEqual(['edge', 'hub'])
    await store.close()
  })
})

const disposable = {
  async [Symbol.asyncDispose](this: Store) {
    await this.close()
  },
}

/** Writes rows in a process of its own, kills it after some milliseconds, and returns the last id it reported as committed. */
async function killedWhileWriting(file: string, milliseconds: number): Promise<number> {
  const program = `
    const { openStore } = await import(${JSON.stringify(join(import.meta.dirname, 'open-store.ts'))})
    const store = await openStore({ kind: 'sqlite', file: ${JSON.stringify(file)} })
    for (;;) {
      const { id } = await store.write.insertInto('registry').values({ name: crypto.randomUUID() }).returning('id').executeTakeFirstOrThrow()
      process.stdout.write(id + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const first = new Promise((resolve) => child.stdout.once('data', resolve))
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await Promise.race([first, ended])
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  child.kill('SIGKILL')
  await ended
  // The last line may be cut off.
  const committed = Number(output.split('\n').at(-2))
  expect(committed, 'rows reported as committed before the kill').toBeGreaterThan(0)
  return committed
}
