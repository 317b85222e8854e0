import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pageTurn } from './page-turns.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** The number of pages that have their turn, once everything that can go on has done so. */
async function takeTurns(count: number) {
  const ends: (() => void)[] = []
  for (let n = 0; n < count; n++) {
    const { begun, end } = pageTurn()
    void begun.then(() => ends.push(end))
  }
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

test('renders no page of a reader who has left before its turn', async () => {
  const ends = await takeTurns(32)
  const left = pageTurn()
  let isRendered = false
  void left.begun.then(() => {
    isRendered = true
  })
  const others = await takeTurns(1)
  left.end()
  left.end()
  ends[0]?.()
  await vi.advanceTimersByTimeAsync(0)
  expect({ isRendered, others: others.length }).toEqual({ isRendered: false, others: 1 })
  await vi.advanceTimersByTimeAsync(2_000)
  const next = await takeTurns(33)
  expect(next).toHaveLength(32)
  await vi.advanceTimersByTimeAsync(2_000)
})
