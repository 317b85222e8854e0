import { expect, it } from 'vitest'
import { backoff, delay, parseRetryAfter } from './retry-after.ts'

const NOW = Date.parse('Fri, 31 Dec 1999 23:59:00 GMT')

it.each([
  ['3', 3_000],
  ['0', 0],
  [' 1.5 ', 1_500],
  ['86400', 86_400_000],
  ['Fri, 31 Dec 1999 23:59:59 GMT', 59_000],
  ['Friday, 31-Dec-99 23:59:59 GMT', 59_000],
  ['Fri, 31 Dec 1998 23:59:59 GMT', 0],
  ['-1', undefined],
  ['soon', undefined],
  ['1e9', undefined],
  ['', undefined],
  [undefined, undefined],
])('reads %j as %j ms', (header, expected) => {
  expect(parseRetryAfter(header, NOW)).toBe(expected)
})

it('doubles the wait and scatters it by half', () => {
  expect(backoff(1, 100, () => 0)).toBe(50)
  expect(backoff(1, 100, () => 1)).toBe(150)
  expect(backoff(3, 100, () => 0.5)).toBe(400)
})

it('stops waiting when the caller leaves', async () => {
  const stop = new AbortController()
  const waiting = delay(60_000, stop.signal)
  stop.abort(new Error('left'))
  await expect(waiting).rejects.toThrow('left')
})
