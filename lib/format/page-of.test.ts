import { expect, it } from 'vitest'
import { pageHolding, pageOf } from './page-of.ts'

const rows = Array.from({ length: 25 }, (_, index) => index)

it('returns the rows of a page, and the total', () => {
  expect(pageOf(rows, 3, 10)).toEqual({ items: [20, 21, 22, 23, 24], total: 25, page: 3, size: 10 })
})

it('turns a page that doesn’t exist into the nearest that does', () => {
  expect(pageOf(rows, 99, 10).page).toBe(3)
  expect(pageOf(rows, -1, 10).page).toBe(1)
  expect(pageOf([], 4, 10)).toEqual({ items: [], total: 0, page: 1, size: 10 })
})

it('finds the page of a row', () => {
  expect([0, 9, 10, 24].map((index) => pageHolding(index, 10))).toEqual([1, 1, 2, 3])
})
