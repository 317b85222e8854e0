import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openStore } from './open-store.ts'
import { describeEachDatabase } from './testing/each-database.ts'
import { transact } from './transact.ts'

describeEachDatabase('A transaction', (databases) => {
  it('runs again when it and another wait for each other', async () => {
    const store = await openStore(await databases.create())
    await sql`create table counted (id int not null, count int not null)`.execute(store.write)
    await sql`insert into counted (id, count) values (1, 0), (2, 0)`.execute(store.write)
    const count = (ids: readonly number[]) =>
      transact(store, async (db) => {
        for (const id of ids) {
          await sql`update counted set count = count + 1 where id = ${id}`.execute(db)
          await delay(100)
        }
      })
    await Promise.all([count([1, 2]), count([2, 1])])
    const { rows } = await sql<{ count: number }>`select count from counted`.execute(store.read)
    expect(rows).toEqual([{ count: 2 }, { count: 2 }])
    await store.close()
  })

  it('runs once when it fails for another reason', async () => {
    const store = await openStore(await databases.create())
    let runs = 0
    const fail = transact(store, async (db) => {
      runs++
      await sql`select * from nowhere`.execute(db)
    })
    await expect(fail).rejects.toMatchObject({ code: 'failed' })
    expect(runs).toBe(1)
    await store.close()
  })
})
