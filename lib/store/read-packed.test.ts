import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore } from './open-store.ts'
import { readPacked } from './read-packed.ts'
import type { Store } from './store.ts'
import { describeEachDatabase } from './testing/each-database.ts'

describeEachDatabase('packed rows', (databases) => {
  let store: Store
  const rows = [
    [1, '"quoted", \\ and\nbroken', null],
    [2, 'ünïcödé 🚢', 9_007_199_254_740_991],
    [3, '', 0],
  ]
  beforeAll(async () => {
    store = await openStore(await databases.create())
  })
  afterAll(() => store?.close())

  const columns = [sql.ref('id'), sql.ref('text'), sql.ref('size')]
  const some = () => store.dialect.rows('some', { id: 'int', text: 'text', size: 'bigint' }, rows)

  it('arrive with the types that they have one by one', async () => {
    expect((await readPacked<[number]>(store, columns, sql`from ${some()}`)).sort(([a], [b]) => a - b)).toEqual(rows)
    expect(await readPacked(store, columns, sql`from ${some()} where id > 3`)).toEqual([])
  })

  it('are a text where they are a column of other rows', async () => {
    const ids = sql`(select ${store.dialect.packed([sql.ref('id')])} from ${some()} where id = 2)`
    expect(await readPacked(store, [ids], sql`from (select 1 as one) one`)).toEqual([['[[2]]']])
  })
})
