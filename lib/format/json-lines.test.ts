import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonLines } from './json-lines.ts'

const joined = (text: string) =>
  jsonLines(text)
    .map((line) => line.map((token) => token.text).join(''))
    .join('\n')

test('the tokens of any JSON join to its text', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(4), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent)
      expect(joined(text)).toBe(text)
    }),
  )
})

test('shows invalid JSON unchanged', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(joined(text)).toBe(text)
    }),
  )
})

test('distinguishes keys, digests and media types', () => {
  const digest = `"sha256:${'0'.repeat(64)}"`
  const kinds = jsonLines(
    `{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": ${digest}, "size": 7, "x": "y"}`,
  )
    .flat()
    .filter((token) => token.kind !== 'punctuation' && token.kind !== 'space')
    .map((token) => token.kind)
  expect(kinds).toEqual(['key', 'media-type', 'key', 'digest', 'key', 'number', 'key', 'string'])
})

test('the digests of uncompressed layers link nowhere', () => {
  const digest = `"sha256:${'0'.repeat(64)}"`
  const kinds = jsonLines(`{"diff_ids": [${digest}, ${digest}], "digest": ${digest}}`)
    .flat()
    .filter((token) => token.text === digest)
    .map((token) => token.kind)
  expect(kinds).toEqual(['string', 'string', 'digest'])
})
