import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf } from '../digester.ts'
import { MEDIA_TYPE } from '../media-type.ts'
import { parseManifest } from '../parse-manifest.ts'
import { parseRepositoryName, parseTag } from '../reference.ts'
import { parseSchema1 } from './parse-schema1.ts'
import { renameSchema1, retagSchema1 } from './retag-schema1.ts'
import { keyIdOf } from './schema1-key.ts'
import { unsignedSchema1 } from './schema1-payload.ts'
import { signSchema1 } from './sign-schema1.ts'
import { verifySchema1 } from './verify-schema1.ts'

const unsigned = (fields: Record<string, unknown> = {}, indent = 3) =>
  Buffer.from(
    JSON.stringify(
      {
        schemaVersion: 1,
        name: 'team/app',
        tag: 'v1',
        architecture: 'amd64',
        fsLayers: [{ blobSum: digestOf('leaf') }, { blobSum: digestOf('base') }],
        history: [{ v1Compatibility: '{"id":"2","author":"Zoë 漢"}' }, { v1Compatibility: '{"id":"1"}' }],
        ...fields,
      },
      null,
      indent,
    ),
  )

const verdicts = (bytes: Uint8Array) => verifySchema1(bytes).signatures.map((signature) => signature.verdict)

function isRefused(bytes: Uint8Array): boolean {
  try {
    return verdicts(bytes).some((verdict) => verdict !== 'valid')
  } catch (error) {
    return error instanceof Error && error.name === 'FormatError'
  }
}

type Editable = { signatures: { header: Record<string, unknown>; signature: string; protected: string }[] }
function edited(bytes: Uint8Array, edit: (document: Editable) => void): Uint8Array {
  const document = JSON.parse(Buffer.from(bytes).toString())
  const before = JSON.stringify(document.signatures)
  edit(document)
  const head = Buffer.from(bytes).indexOf('"signatures"')
  if (before === JSON.stringify(document.signatures)) throw new Error('nothing was edited')
  const text = JSON.stringify(document.signatures)
  return Buffer.concat([bytes.subarray(0, head), Buffer.from(`"signatures": ${text}\n}`)])
}

test('a signed manifest verifies, keeps its payload byte for byte and its digest', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(0, 1, 3), (note, indent) => {
      const payload = unsigned({ note }, indent)
      const signed = signSchema1(payload)
      expect(verifySchema1(signed)).toMatchObject({
        agree: true,
        signatures: [{ verdict: 'valid', algorithm: 'ES256' }],
      })
      expect(Buffer.from(unsignedSchema1(signed)).equals(payload)).toBe(true)
      expect(parseManifest(signed)).toMatchObject({
        kind: 'schema1',
        digest: digestOf(payload),
        mediaType: MEDIA_TYPE.schema1Signed,
        size: signed.byteLength,
      })
    }),
    { numRuns: 15 },
  )
})

test('any changed byte of the content, the protected header or the signature fails', () => {
  const signed = Buffer.from(signSchema1(unsigned()))
  const { signatures } = JSON.parse(signed.toString())
  const covered = [
    [0, signed.indexOf(',\n   "signatures"')],
    ...[signatures[0].signature, signatures[0].protected].map((text) => [signed.indexOf(text), text.length]),
  ] as const
  const position = fc
    .constantFrom(...covered)
    .chain(([start = 0, length = 0]) => fc.nat(length - 1).map((offset) => start + offset))
  fc.assert(
    fc.property(position, fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const broken = Buffer.from(signed)
      broken[at] = (broken[at] ?? 0) ^ flip
      expect(isRefused(broken)).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test('fields beside the signatures aren’t part of the manifest', () => {
  const signed = Buffer.from(signSchema1(unsigned())).toString()
  const smuggled = Buffer.from(signed.replace('"signatures"', '"tag": "evil", "signatures"'))
  expect(JSON.parse(smuggled.toString()).tag).toBe('evil')
  expect(parseSchema1(smuggled).tag).toBe('v1')
  expect(parseManifest(smuggled).digest).toBe(digestOf(unsigned()))
})

test('layers are read base → leaf, each with its history', () => {
  const document = parseSchema1(unsigned())
  expect(document).toMatchObject({ name: 'team/app', tag: 'v1', architecture: 'amd64', signatures: 0 })
  expect(document.layers.map((layer) => layer.digest)).toEqual([digestOf('base'), digestOf('leaf')])
  expect(document.layers[0]?.v1Compatibility).toBe('{"id":"1"}')
})

test('an unsigned manifest has no verdicts and the digest of its bytes', () => {
  expect(verifySchema1(unsigned())).toEqual({ signatures: [], agree: true })
  expect(parseManifest(unsigned())).toMatchObject({ mediaType: MEDIA_TYPE.schema1, digest: digestOf(unsigned()) })
})

test.each([
  ['layers without history', { history: [] }],
  ['no layers', { fsLayers: [], history: [] }],
  ['a layer without a digest', { fsLayers: [{}, {}] }],
  ['history without text', { history: [{}, {}] }],
])('%s is refused', (_, fields) => {
  expect(() => parseSchema1(unsigned(fields))).toThrow(expect.objectContaining({ code: 'schema1' }))
})

test('signatures that cover different payloads disagree, and the manifest has no digest', () => {
  const [one, two] = [signSchema1(unsigned()), signSchema1(unsigned({ note: 'longer' }))].map((bytes) =>
    JSON.parse(Buffer.from(bytes).toString()),
  )
  const both = edited(signSchema1(unsigned()), (document) => {
    document.signatures = [...one.signatures, ...two.signatures]
  })
  expect(verifySchema1(both)).toMatchObject({
    agree: false,
    signatures: [{ verdict: 'valid' }, { verdict: 'invalid' }],
  })
  expect(() => parseManifest(both)).toThrow(expect.objectContaining({ code: 'schema1' }))
})

test('every signature gets its own verdict', () => {
  const [one, two] = [signSchema1(unsigned()), signSchema1(unsigned())].map((bytes) =>
    JSON.parse(Buffer.from(bytes).toString()),
  )
  const both = edited(signSchema1(unsigned()), (document) => {
    document.signatures = [one.signatures[0], { ...two.signatures[0], signature: one.signatures[0].signature }]
  })
  expect(verifySchema1(both)).toMatchObject({ agree: true, signatures: [{ verdict: 'valid' }, { verdict: 'invalid' }] })
})

test.each(['none', 'HS256', 'ES256K', 'PS256', '', '__proto__'])('algorithm %j is not accepted', (alg) => {
  const bytes = edited(signSchema1(unsigned()), (document) => {
    Object.assign(document.signatures[0]?.header ?? {}, { alg })
  })
  expect(verdicts(bytes)).toEqual(['unsupported'])
})

test('a key of another kind or name, and an unreadable or missing key, is refused', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const withKey = (jwk: unknown) =>
    verdicts(
      edited(signSchema1(unsigned()), (document) => {
        Object.assign(document.signatures[0]?.header ?? {}, { jwk })
      }),
    )
  for (const jwk of [rsa, p384, other, { kty: 'EC' }, { ...other, kid: 'AAAA' }])
    expect(withKey(jwk)).toEqual(['invalid'])
  expect(withKey(undefined)).toEqual(['unsupported'])
})

test.each([
  ['ES384', 'sha384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['ES512', 'sha512', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  ['RS256', 'sha256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['RS512', 'sha512', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
] as const)('%s signatures verify', (alg, hash, generate) => {
  const { privateKey, publicKey } = generate()
  const bytes = edited(signSchema1(unsigned()), (document) => {
    const [signature] = document.signatures
    if (!signature) throw new Error('unsigned')
    const input = Buffer.from(`${signature.protected}.${unsigned().toString('base64url')}`)
    signature.header = { alg, jwk: publicKey.export({ format: 'jwk' }) }
    signature.signature = sign(hash, input, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  })
  expect(verifySchema1(bytes).signatures).toEqual([{ verdict: 'valid', algorithm: alg, keyId: keyIdOf(publicKey) }])
})

test('retagging and renaming change only the name and the signature', () => {
  const signed = signSchema1(unsigned({ extra: { kept: true } }))
  const retagged = retagSchema1(signed, parseTag('v2'))
  const renamed = renameSchema1(retagged, parseRepositoryName('other/app'))
  expect(verdicts(renamed)).toEqual(['valid'])
  expect(JSON.parse(Buffer.from(unsignedSchema1(renamed)).toString())).toEqual({
    ...JSON.parse(unsigned({ extra: { kept: true } }).toString()),
    tag: 'v2',
    name: 'other/app',
  })
  expect(Object.keys(JSON.parse(Buffer.from(unsignedSchema1(retagged)).toString()))[2]).toBe('tag')
})
