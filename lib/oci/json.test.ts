import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_DOCUMENT_BYTES, parseJson } from './json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const nested = (depth: number) => bytes('['.repeat(depth) + ']'.repeat(depth))

test('100,000 nested arrays are refused without a stack overflow', () => {
  expect(() => parseJson(nested(100_000))).toThrow(expect.objectContaining({ name: 'FormatError', code: 'json' }))
  expect(() => parseJson(nested(101))).toThrow(/at most 100 nested levels/)
  expect(() => parseJson(nested(4), { maxDepth: 3 })).toThrow(/at most 3 nested levels/)
  expect(parseJson(nested(3), { maxDepth: 3 })).toEqual([[[]]])
})

test('brackets inside strings are text', () => {
  const text = `${'['.repeat(500)}"\\`
  expect(parseJson(bytes(JSON.stringify({ text, after: [] })))).toEqual({ text, after: [] })
})

test('a byte order mark is skipped', () => {
  expect(parseJson(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toEqual({})
})

test('HTML, empty input and a document over the limit are refused', () => {
  for (const text of ['<!doctype html><p>{}', '', '{"a":1', 'NaN']) {
    expect(() => parseJson(bytes(text))).toThrow(expect.objectContaining({ code: 'json' }))
  }
  expect(() => parseJson(new Uint8Array(MAX_DOCUMENT_BYTES + 1).fill(0x20))).toThrow(/8388608 bytes/)
})

test('reads what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value)
      expect(JSON.stringify(parseJson(bytes(text)))).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test('lone surrogates become U+FFFD, in values and names, and pairs are kept', () => {
  const text = String.raw`{"a\ud800":["\udfff b","\ud83d\ude00",{"c":"\uD83D"}],"__proto__":"\ud800"}`
  const value = parseJson(Buffer.from(text))
  expect(Object.entries(value as object)).toEqual([
    ['a\ufffd', ['\ufffd b', '😀', { c: '\ufffd' }]],
    ['__proto__', '\ufffd'],
  ])
})
