import { applyPatch } from 'diff'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cpuTime } from '../../testing/cpu-time.ts'
import { diffJson, type JsonDiff } from './diff-json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const json = (value: unknown) => bytes(JSON.stringify(value))
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** Applies the hunks with another program's patch reader. */
function patched(before: unknown, diff: JsonDiff): string | false {
  // The format of patches names the line before an empty range.
  const start = (line: number, count: number) => `${count === 0 ? line - 1 : line},${count}`
  const sign = { context: ' ', added: '+', removed: '-' }
  const text = diff.hunks.map(
    (hunk) =>
      `@@ -${start(hunk.beforeStart, hunk.beforeLines)} +${start(hunk.afterStart, hunk.afterLines)} @@\n` +
      hunk.lines.map((line) => `${sign[line.kind]}${line.text}\n`).join(''),
  )
  return applyPatch(pretty(before), `--- a\n+++ b\n${text.join('')}`)
}

test('a changed field is one removed and one added line, numbered, with context around', () => {
  const diff = diffJson(
    json({ a: 1, b: [1, 2, 3], c: 3, d: 4, e: 5 }),
    json({ a: 1, b: [1, 2, 3], c: 'x', d: 4, e: 5 }),
    1,
  )
  expect(diff).toMatchObject({ state: 'different', addedLines: 1, removedLines: 1, minimal: true })
  expect(diff.hunks).toEqual([
    {
      beforeStart: 7,
      beforeLines: 3,
      afterStart: 7,
      afterLines: 3,
      lines: [
        { kind: 'context', text: '  ],', before: 7, after: 7 },
        { kind: 'removed', text: '  "c": 3,', before: 8 },
        { kind: 'added', text: '  "c": "x",', after: 8 },
        { kind: 'context', text: '  "d": 4,', before: 9, after: 9 },
      ],
    },
  ])
})

test('white space alone changes the digest but not the document', () => {
  expect(diffJson(bytes('{"a":1}'), bytes('{ "a": 1 }\n'))).toMatchObject({ state: 'formatting', hunks: [] })
  expect(diffJson(bytes('{"a":1}'), bytes('{"a":1}'))).toMatchObject({ state: 'same', hunks: [] })
})

test('compares invalid JSON as text', () => {
  expect(diffJson(bytes('one\ntwo'), bytes('one\n2'))).toMatchObject({
    state: 'different',
    addedLines: 1,
    removedLines: 1,
  })
})

test('the hunks turn one document into the other', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.nat(4), (rawA, rawB, context) => {
      const [a, b] = [JSON.parse(JSON.stringify({ rawA, both: 1 })), JSON.parse(JSON.stringify({ rawB, both: 1 }))]
      expect(patched(a, diffJson(json(a), json(b), context))).toBe(pretty(b))
    }),
  )
})

test('compares documents with nothing in common quickly', () => {
  const labels = (salt: string) => ({
    head: 1,
    ...Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`${salt}${n}`, n])),
    tail: 1,
  })
  const { value: diff, took } = cpuTime(() => diffJson(json(labels('a')), json(labels('b'))))
  expect(took).toBeLessThan(5_000)
  expect(diff).toMatchObject({ state: 'different', addedLines: 5_000, removedLines: 5_000 })
  expect(patched(labels('a'), diff)).toBe(pretty(labels('b')))
})

test('gives up quickly on shuffled documents, says so, and is still correct', () => {
  const numbers = Array.from({ length: 5_000 }, (_, n) => n)
  const [a, b] = [
    { list: numbers, tail: 1 },
    { list: numbers.toReversed(), tail: 1 },
  ]
  const { value: diff, took } = cpuTime(() => diffJson(json(a), json(b)))
  expect(took).toBeLessThan(5_000)
  expect(diff.minimal).toBe(false)
  expect(patched(a, diff)).toBe(pretty(b))
})

test('compares two large documents with one change exactly', () => {
  const labels = (value: string) =>
    Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n === 2_999 ? value : n]))
  expect(diffJson(json(labels('a')), json(labels('b')))).toMatchObject({
    minimal: true,
    addedLines: 1,
    removedLines: 1,
  })
})
