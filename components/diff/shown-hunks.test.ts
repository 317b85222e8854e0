import { expect, test } from 'vitest'
import { diffJson } from '@/lib/image/diff/diff-json'
import { shownHunks } from './shown-hunks'

const documentOf = (value: unknown) => Buffer.from(JSON.stringify(value))
const shown = (before: unknown, after: unknown) => {
  const { hunks, isWhole } = shownHunks(diffJson(documentOf(before), documentOf(after)).hunks)
  return { hunks, isWhole, lines: hunks.flatMap((hunk) => hunk.lines) }
}

test('shows small differences whole', () => {
  const { lines, isWhole } = shown({ a: 1, b: 2 }, { a: 1, b: 3 })
  expect(lines.map(({ text }) => text)).toEqual(['{', '  "a": 1,', '  "b": 2', '  "b": 3', '}'])
  expect(isWhole).toBe(true)
})

test('shows the first 1,000 lines of a long one, and no hunk without lines', () => {
  const many = (value: number) => Array.from({ length: 20_000 }, (_, at) => (at % 10 === 0 ? value : at))
  const { hunks, lines, isWhole } = shown(many(-1), many(-2))
  expect(lines).toHaveLength(1_000)
  expect(hunks.every((hunk) => hunk.lines.length > 0)).toBe(true)
  expect(isWhole).toBe(false)
})

test('cuts long lines, and shows no more text than a page may weigh', () => {
  const { lines, isWhole } = shown({}, Array(500).fill('x'.repeat(5_000)))
  expect(Math.max(...lines.map(({ text }) => text.length))).toBe(1_001)
  expect(lines.length).toBeLessThan(110)
  expect(isWhole).toBe(false)
})
