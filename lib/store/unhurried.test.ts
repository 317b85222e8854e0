import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Store } from './store.ts'
import { unhurried } from './unhurried.ts'
import { createQueues } from './wait-together.ts'

/** Works that each add one item, a turn of the loop after another. @returns how many items went together, call by call */
async function callsOf(count: number, run: (work: () => Promise<void>) => Promise<void>): Promise<number[]> {
  const waitTogether = createQueues<number>()
  const store = {} as Store
  const calls: number[] = []
  const add = async (item: number) => {
    for (let turns = 0; turns < 3 * item; turns++) await turn()
    await waitTogether(store, 'all', item, async (some) => {
      calls.push(some.length)
      for (const { resolve } of some) resolve(undefined)
    })
  }
  await Promise.all(Array.from({ length: count }, (_, item) => run(() => add(item))))
  return calls
}

it('many unhurried works share their statements', async () => {
  const calls = await callsOf(20, unhurried)
  expect(calls.reduce((sum, count) => sum + count)).toBe(20)
  expect(calls.length).toBeLessThanOrEqual(5)
})

it('work that somebody waits for doesn’t wait for others, nor do few unhurried ones', async () => {
  expect(await callsOf(20, (work) => work())).toHaveLength(20)
  expect(await callsOf(5, unhurried)).toHaveLength(5)
})
