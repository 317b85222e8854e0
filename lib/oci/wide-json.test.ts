import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from './json.ts'
import { parseWideJson } from './wide-json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const PATH = ['config', 'Labels']
/** Enough to be cut out. */
const many = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [`com.example.label.${i}`, `value ${i}`]))
const wide = JSON.stringify(many)

function fieldsOf(text: string) {
  return parseWideJson(bytes(text), PATH).fields
}

test('finds the fields of a wide object like a parser, whatever its names and values', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }))
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value), fc.jsonValue(), (object, other) => {
      const labels = { ...many, ...object }
      const text = JSON.stringify({ other, config: { Env: [other], Labels: labels, after: object }, last: other })
      const parsed = parseJson(bytes(text)) as { config: { Labels: object } }
      const { document, fields } = parseWideJson(bytes(text), PATH)
      expect(Object.entries(Object.fromEntries(fields))).toEqual(Object.entries(parsed.config.Labels))
      expect(document).toEqual({ ...parsed, config: { ...parsed.config, Labels: null } })
    }),
    { numRuns: 50 },
  )
})

test('reads an object elsewhere, a second one and another spelling of its name as usual', () => {
  expect(fieldsOf(`{"Labels":${wide},"config":{"Labels":{"a":"b"}}}`)).toEqual([['a', 'b']])
  expect(fieldsOf(`[{"config":{"Labels":${wide}}}]`)).toEqual([])
  expect(fieldsOf(`{"config":[{"Labels":${wide}}]}`)).toEqual([])
  expect(fieldsOf(`{"config":{"Labels":${wide},"Labels":{"a":"b"}}}`)).toEqual([['a', 'b']])
  expect(fieldsOf(`{"config":{"Labels":${wide}, "\\u004cabels" : {"a":"b"}}}`)).toEqual([['a', 'b']])
  expect(fieldsOf(`{"config":{"Labels" : ${wide} }, "config":{"x":{}} }`)).toEqual([])
})

test('refuses a wide object that isn’t JSON', () => {
  for (const end of ['"a"}', '"a":}', '"a":1,}', ',}', '"a","b"}', '1:2}', '"a":1:2}', '"a":[1}'])
    expect(() => fieldsOf(`{"config":{"Labels":${wide.slice(0, -1)},${end}}}`), end).toThrow(
      expect.objectContaining({ code: 'json' }),
    )
  expect(() =>
    fieldsOf(`{"config":{"Labels":${wide.slice(0, -1)},"a":${'['.repeat(200)}${']'.repeat(200)}}}}`),
  ).toThrow(/nested levels/)
})
