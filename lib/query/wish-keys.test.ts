import { expect, it, vi } from 'vitest'
import { wishKey } from './wish-keys.ts'

it('is the same for a second click and after a lost response, and new for a new request', () => {
  const [remove, move] = [{}, {}]
  const first = wishKey(remove, { tag: 'latest' })
  expect(wishKey(remove, { tag: 'latest' }).key).toBe(first.key)
  expect(wishKey(remove, { tag: 'other' }).key).not.toBe(first.key)
  expect(wishKey(move, { tag: 'latest' }).key).not.toBe(first.key)
  first.answered()
  const second = wishKey(remove, { tag: 'latest' })
  expect(second.key).not.toBe(first.key)
  first.answered()
  expect(wishKey(remove, { tag: 'latest' }).key).toBe(second.key)
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 180_000)
  expect(wishKey(remove, { tag: 'latest' }).key).not.toBe(second.key)
  vi.restoreAllMocks()
})
