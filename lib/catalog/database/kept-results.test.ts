import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { KeptResults } from './kept-results.ts'

let found = 0
let took = 0
const find = () => new Promise<number>((resolve) => setTimeout(() => resolve(++found), took))

beforeEach(() => {
  found = 0
  took = 0
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] })
})
afterEach(() => vi.useRealTimers())

/** Lets what has been started go on for so many milliseconds. */
async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
}

/** What is shown of a version of the catalog, once a search for it has ended. */
async function shown(kept: KeptResults<number>, version: number): Promise<number> {
  const finding = kept.find('all', version, find)
  await pass(took)
  return finding
}

test('findings are found once while the catalog is the same, and again after a minute, as images age', async () => {
  const kept = new KeptResults<number>({ most: 5, holdsFor: 60_000 })
  expect(await shown(kept, 1)).toBe(1)
  await pass(50_000)
  expect(await shown(kept, 1)).toBe(1)
  await pass(11_000)
  expect(await shown(kept, 1)).toBe(2)
})

test('what is found quickly is found again as soon as the catalog has changed', async () => {
  const kept = new KeptResults<number>({ most: 5, holdsFor: 60_000 })
  took = 100
  expect(await shown(kept, 1)).toBe(1)
  expect(await shown(kept, 2)).toBe(2)
})

test('what takes seconds is shown ten times as long while a sync changes the catalog', async () => {
  const kept = new KeptResults<number>({ most: 5, holdsFor: 60_000 })
  took = 2_000
  expect(await shown(kept, 1)).toBe(1)
  await pass(17_000)
  expect(await shown(kept, 2)).toBe(1)
  await pass(2_000)
  expect(await shown(kept, 3)).toBe(2)
})

test('a search that is running is joined, not repeated', async () => {
  const kept = new KeptResults<number>({ most: 5, holdsFor: 60_000 })
  took = 2_000
  const first = kept.find('all', 1, find)
  await pass(1_000)
  const second = kept.find('all', 2, find)
  await pass(1_000)
  expect(await Promise.all([first, second])).toEqual([1, 1])
})

test('a search that failed is tried again', async () => {
  const kept = new KeptResults<number>({ most: 5, holdsFor: 60_000 })
  await expect(kept.find('all', 1, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  vi.useRealTimers()
  await delay(0)
  expect(await kept.find('all', 1, async () => 7)).toBe(7)
})
