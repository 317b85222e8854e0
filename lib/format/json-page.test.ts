import { expect, it } from 'vitest'
import { jsonPage } from './json-page.ts'

const digest = (n: number) => `sha256:${String(n).padStart(64, '0')}`

it('returns a page of lines, and their number', () => {
  const text = JSON.stringify({ items: Array.from({ length: 2500 }, (_, n) => n) }, null, 2)
  const { lines, total, page } = jsonPage(text, 6)
  expect([lines.length, total, page]).toEqual([4, 2504, 6])
})

it('knows on a later page that the digests belong to diff_ids, which aren’t blobs', () => {
  const text = JSON.stringify({ rootfs: { diff_ids: Array.from({ length: 1500 }, (_, n) => digest(n)) } }, null, 2)
  const kinds = jsonPage(text, 2)
    .lines.flat()
    .map(({ kind }) => kind)
  expect(kinds).toContain('string')
  expect(kinds).not.toContain('digest')
})

it('cuts a line of kilobytes and says so', () => {
  const { lines, isCut } = jsonPage(`"${'a'.repeat(100_000)}"`, 1)
  expect(isCut).toBe(true)
  expect(
    lines
      .flat()
      .map(({ text }) => text)
      .join('').length,
  ).toBeLessThan(5000)
})
