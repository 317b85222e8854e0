import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pageTurn } from './page-turns.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** The number of pages that have their turn, once everything that can go on has done so. */
async function takeTurns(count: number) {
  const ends: (() => void)[] = []
  for (let n = 0; n < count; n++) void pageTurn().then((end) => ends.push(end))
  await vi.advanceTimersByTimeAsync(0)
  return ends
}

test('renders some pages at once, and the next in the order they came as those end', async () => {
  const ends = await takeTurns(40)
  expect(ends).toHaveLength(32)
  ends[0]?.()
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(ends).toHaveLength(33)
  while (ends.length < 40) {
    ends.at(-1)?.()
    await vi.advanceTimersByTimeAsync(0)
  }
  for (const end of ends) end()
  expect(await takeTurns(32)).toHaveLength(32)
  await vi.advanceTimersByTimeAsync(2_000)
})

test('keeps nobody waiting for a page that waits itself', async () => {
  const ends = await takeTurns(64)
  expect(ends).toHaveLength(32)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(ends).toHaveLength(64)
  await vi.advanceTimersByTimeAsync(2_000)
})
