import fc from 'fast-check'
import { expect, test } from 'vitest'
import { algorithmOf, type Digest, hexOf, isDigest, parseDigest } from './digest.ts'
import { Digester, digestOf } from './digester.ts'

test('printing a parsed digest gives the same text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.constantFrom('sha256' as const, 'sha512' as const), (bytes, algorithm) => {
      const digest = digestOf(bytes, algorithm)
      expect(parseDigest(digest)).toBe(digest)
      expect(`${algorithmOf(digest)}:${hexOf(digest)}`).toBe(digest)
      expect(algorithmOf(digest)).toBe(algorithm)
    }),
  )
})

test('hashing in pieces gives the digest of the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      const digester = new Digester()
      for (const chunk of chunks) digester.update(chunk)
      const whole = Buffer.concat(chunks)
      expect(digester.size).toBe(whole.byteLength)
      expect(digester.digest()).toBe(digestOf(whole))
    }),
  )
})

test('only an exact digest is accepted', () => {
  const hex = 'a'.repeat(64)
  const bad = [
    '',
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    `sha256:${hex}0`,
    `sha256:${hex}\n`,
    `\nsha256:${hex}`,
    `sha512:${hex}`,
    `sha256:../../${'a'.repeat(58)}`,
    `sha256:${hex}\0`,
    `SHA256:${hex}`,
    undefined,
    {},
  ]
  for (const text of bad) {
    expect(isDigest(text)).toBe(false)
    expect(() => parseDigest(text)).toThrow(expect.objectContaining({ code: 'digest' }))
  }
})

test('a digest of an algorithm that can’t be verified is refused as such', () => {
  const md5 = `md5:${'a'.repeat(32)}`
  expect(isDigest(md5)).toBe(false)
  for (const refuse of [parseDigest, algorithmOf])
    expect(() => refuse(md5 as Digest)).toThrow(expect.objectContaining({ code: 'digest-algorithm' }))
})
