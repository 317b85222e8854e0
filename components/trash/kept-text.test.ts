import { expect, it } from 'vitest'
import { keptText } from './kept-text'

const NOW = Date.parse('2026-12-01T12:00:00Z')

it.each([
  [90 * 86_400 - 2, 'another 90 days,'],
  [2.9 * 86_400, 'another 2 days,'],
  [2 * 86_400 - 30, 'another 2 days,'],
  [1.6 * 86_400, 'another 38 hours,'],
  [86_400 - 30, 'another 24 hours,'],
  [5_400, 'another 90 minutes,'],
  [600, 'another 10 minutes,'],
  [60, 'another minute,'],
  [3, 'will be removed soon'],
  [-3_600, 'will be removed soon'],
])('never promises more than is left, to the minute: with %i seconds it says “%s”', (seconds, text) => {
  expect(keptText(new Date(NOW + seconds * 1000).toISOString(), NOW)).toContain(text)
})
