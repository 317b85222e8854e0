import { expect, test } from 'vitest'
import { formatBetween } from './time.ts'

const NOW = Date.parse('2026-11-30T18:00:00Z')

test.each([
  ['2026-11-30T12:41:10Z', 'between 12:41 and 12:45'],
  ['2026-11-30T12:45:10Z', 'at 12:45'],
  ['2026-11-29T23:50:00Z', 'between 23:50 on Sun 29 Nov and 12:45'],
  ['2025-11-29T23:50:00Z', 'between 23:50 on Sat 29 Nov 2025 and 12:45'],
])('a change seen since %s is dated by the day only where that is another one', (from, text) => {
  expect(formatBetween(from, '2026-11-30T12:45:50Z', NOW)).toBe(text)
})
