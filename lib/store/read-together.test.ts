import { expect, test } from 'vitest'
import { readTogether } from './read-together.ts'
import type { Store } from './store.ts'

/** Only its identity counts. */
const store = {} as Store

test('asks together for what comes while an answer is on its way', async () => {
  const calls: (readonly number[])[] = []
  const double = async (_store: Store, items: readonly number[]) => {
    calls.push(items)
    await new Promise((resolve) => setTimeout(resolve, 50))
    return items.map((item) => 2 * item)
  }
  const first = readTogether(store, 1, double)
  await expect.poll(() => calls, { interval: 1 }).toHaveLength(1)
  const others = [2, 3, 4].map((item) => readTogether(store, item, double))
  expect(await Promise.all([first, ...others])).toEqual([2, 4, 6, 8])
  expect(calls).toEqual([[1], [2, 3, 4]])
})

test('fails to all that were asked together, and then works again', async () => {
  let fails = true
  const echo = async (_store: Store, items: readonly number[]) => {
    if (fails) throw new Error('the database is locked')
    return items
  }
  const outcomes = await Promise.allSettled([1, 2].map((item) => readTogether(store, item, echo)))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  expect(await readTogether(store, 3, echo)).toBe(3)
})
