import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../testing/servers/postgres.ts'
import { openStore } from '../open-store.ts'
import type { Locks, Store } from '../store.ts'

// Two stores are two processes to the server.
let server: PostgresServer
let url = ''
let stores: Store[] = []
beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
})
beforeEach(async () => {
  stores = await Promise.all([0, 1].map(() => openStore({ kind: 'postgres', url })))
})
afterEach(() => Promise.all(stores.map((store) => store.close().catch(() => {}))))
afterAll(() => server?.stop())

function both(): [Locks, Locks] {
  const [one, two] = stores.map(({ locks }) => locks)
  if (!one || !two) throw new Error('PostgreSQL has locks')
  return [one, two]
}

test('a name is held by one process at a time, and others meanwhile', async () => {
  const [one, two] = both()
  const release = await one.hold('a', 0)
  expect(await two.hold('a', 60)).toBeUndefined()
  const other = await two.hold('b', 0)
  expect(other).toBeDefined()
  const waiting = two.hold('a', 5_000)
  await release?.()
  expect(await waiting).toBeDefined()
  await (await waiting)?.()
  await other?.()
  expect(await one.hold('a', 0)).toBeDefined()
})

test('many are asked for at once on one connection, one statement after another', async () => {
  const [one] = both()
  const warnings: string[] = []
  const note = ({ message }: Error) => void warnings.push(message)
  process.on('warning', note)
  const held = await Promise.all(Array.from({ length: 20 }, (_, n) => one.hold(`many ${n}`, 0)))
  await Promise.all(held.map((release) => release?.()))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', note)
  expect(held.every(Boolean)).toBe(true)
  expect(warnings).toEqual([])
})

test('what a process held is free as soon as its connection ends', async () => {
  const [one, two] = both()
  await one.hold('a', 0)
  await stores[0]?.close()
  expect(await two.hold('a', 2_000)).toBeDefined()
})

test('a process whose connection was lost holds nothing, says so, and can hold it again', async () => {
  const [one, two] = both()
  const release = await one.hold('a', 0)
  const { rows } = await endConnections()
  expect(rows.length).toBeGreaterThan(0)
  const taken = await two.hold('a', 2_000).catch(() => two.hold('a', 2_000))
  expect(taken).toBeDefined()
  // It frees nothing that is another's by now.
  await release?.()
  expect(await one.hold('a', 0).catch(() => one.hold('a', 0))).toBeUndefined()
  await taken?.()
  expect(await one.hold('a', 0)).toBeDefined()
})

async function endConnections() {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and query like '%advisory_lock%'`,
    )
  } finally {
    await client.end()
  }
}
