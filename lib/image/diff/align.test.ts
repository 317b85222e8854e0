import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpuTime } from '../../testing/cpu-time.ts'
import { align } from './align.ts'

const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

function longest(a: readonly string[], b: readonly string[]): number {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => best[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const row = best[i]
      if (row) row[j] = a[i] === b[j] ? 1 + at(i + 1, j + 1) : Math.max(at(i + 1, j), at(i, j + 1))
    }
  return at(0, 0)
}

test('pairs as many equal items as possible, in order', () => {
  fc.assert(
    fc.property(items, items, (a, b) => {
      const { pairs, complete } = align(a, b)
      expect(complete).toBe(true)
      expect(pairs.length).toBe(longest(a, b))
      let last = [-1, -1]
      for (const [i, j] of pairs) {
        expect(a[i]).toBe(b[j])
        expect(i > (last[0] ?? 0) && j > (last[1] ?? 0)).toBe(true)
        last = [i, j]
      }
    }),
  )
})

test('swapping the lists swaps the pairs', () => {
  fc.assert(
    fc.property(items, items, (a, b) => {
      expect(align(b, a).pairs).toEqual(align(a, b).pairs.map(([i, j]) => [j, i]))
    }),
  )
})

test('aligns lists with nothing in common quickly', () => {
  const list = (name: string) => ['base', ...Array.from({ length: 10_000 }, (_, n) => `${name}${n}`), 'top']
  const { took } = cpuTime(() =>
    expect(align(list('a'), list('b'))).toEqual({
      pairs: [
        [0, 0],
        [10_001, 10_001],
      ],
      complete: true,
    }),
  )
  expect(took).toBeLessThan(5_000)
})

test('gives up on shuffled lists quickly and says so', () => {
  const list = ['base', ...Array.from({ length: 10_000 }, (_, n) => `${n}`), 'top']
  const shuffled = ['base', ...list.slice(1, -1).reverse(), 'top']
  const { took } = cpuTime(() =>
    expect(align(list, shuffled)).toEqual({
      pairs: [
        [0, 0],
        [10_001, 10_001],
      ],
      complete: false,
    }),
  )
  expect(took).toBeLessThan(5_000)
})
