import { expect, test } from 'vitest'
import { recentPace } from './recent-pace.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const HOUR = 3_600_000
const every = (count: number, seconds: number, from = NOW) =>
  Array.from({ length: count }, (_, i) => from - (i + 1) * seconds * 1000)

test('the pace is the time per image of the last ones', () => {
  expect(recentPace(every(20, 2), NOW)).toBe(2)
})

test('a run that continues after a pause isn’t estimated by the pause', () => {
  expect(recentPace([...every(10, 1), ...every(40, 1, NOW - HOUR)], NOW)).toBe(1)
})

test('nothing is estimated before enough images have ended since the start of a run or an undo', () => {
  expect(recentPace(every(50, 1, NOW - HOUR), NOW)).toBeUndefined()
  expect(recentPace([...every(3, 1), ...every(40, 1, NOW - HOUR)], NOW)).toBeUndefined()
})
