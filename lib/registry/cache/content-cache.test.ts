import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ContentCache } from './content-cache.ts'

const KB = 1024

it('evicts the least recently used when full', () => {
  const cache = new ContentCache(100 * KB)
  for (let i = 0; i < 10; i++) cache.set(`k${i}`, { i }, 9 * KB)
  expect(cache.bytes).toBe(100 * KB)
  expect(cache.get('k0')).toEqual({ i: 0 })
  cache.set('new', {}, 9 * KB)
  expect(cache.get('k1')).toBeUndefined()
  expect(cache.get('k0')).toBeDefined()
})

it('doesn’t keep what would evict everything else', () => {
  const cache = new ContentCache(100 * KB)
  cache.set('small', {}, KB)
  cache.set('large', {}, 50 * KB)
  expect([cache.get('large'), cache.get('small')]).toEqual([undefined, {}])
})

it('never exceeds its limit, and counts correctly', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), size: fc.nat(20 * KB), remove: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const cache = new ContentCache(40 * KB)
      for (const { key, size, remove } of steps) {
        if (remove) cache.delete(key)
        else cache.set(key, {}, size)
        expect(cache.bytes).toBeLessThanOrEqual(40 * KB)
        expect(cache.bytes).toBeGreaterThanOrEqual(0)
      }
      for (const key of 'abcd') cache.delete(key)
      expect(cache.bytes).toBe(0)
    }),
  )
})
