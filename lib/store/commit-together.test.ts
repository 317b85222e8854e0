import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { commitTogether } from './commit-together.ts'
import { openStore } from './open-store.ts'
import { describeEachDatabase } from './testing/each-database.ts'

describeEachDatabase('Writes that are committed together', (databases) => {
  const opened = async () => {
    const store = await openStore(await databases.create())
    await sql`create table told (value int not null unique)`.execute(store.write)
    return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() })
  }
  const values = async (store: Awaited<ReturnType<typeof opened>>) => {
    const { rows } = await sql<{ value: number }>`select value from told order by value`.execute(store.read)
    return rows.map(({ value }) => value)
  }

  it('are all there when they have resolved, in one transaction', async () => {
    await using store = await opened()
    let transactions = 0
    const begin = store.write.transaction.bind(store.write)
    store.write.transaction = () => {
      transactions++
      return begin()
    }
    const add = (value: number) =>
      commitTogether(store, async (db) => {
        await sql`insert into told (value) values (${value})`.execute(db)
        return value
      })
    const numbers = Array.from({ length: 50 }, (_, index) => index)
    expect(await Promise.all(numbers.map(add))).toEqual(numbers)
    expect(await values(store)).toEqual(numbers)
    expect(transactions).toBe(1)
  })

  it('fail alone, with what went wrong', async () => {
    await using store = await opened()
    const add = (value: number) =>
      commitTogether(store, (db) => sql`insert into told (value) values (${value})`.execute(db))
    const outcomes = await Promise.allSettled([1, 2, 2, 3].map(add))
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(await values(store)).toEqual([1, 2, 3])
  })
})
