import { expect, test } from 'vitest'
import { nextRun } from './schedule.ts'

// A Sunday.
const NOW = Date.parse('2026-11-29T14:15:00Z')

test.each([
  [{ every: 'day', weekday: 0, at: '15:00' }, '2026-11-29T15:00:00.000Z'],
  [{ every: 'day', weekday: 0, at: '14:15' }, '2026-11-30T14:15:00.000Z'],
  [{ every: 'week', weekday: 0, at: '04:00' }, '2026-12-06T04:00:00.000Z'],
  [{ every: 'week', weekday: 0, at: '23:59' }, '2026-11-29T23:59:00.000Z'],
  [{ every: 'week', weekday: 1, at: '00:00' }, '2026-11-30T00:00:00.000Z'],
] as const)('the next run of %j is %s', (schedule, expected) => {
  expect(new Date(nextRun(schedule, NOW)).toISOString()).toBe(expected)
})
