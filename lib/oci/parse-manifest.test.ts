import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digestOf } from './digester.ts'
import { FormatError } from './format-error.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const config = { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf('config'), size: 6 }
const layer = { mediaType: MEDIA_TYPE.ociLayerGzip, digest: digestOf('layer'), size: 5 }
const image = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers: [layer, layer] }
const child = { mediaType: MEDIA_TYPE.ociManifest, digest: digestOf(bytes(image)), size: 300 }
const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [child] }
const artifact = { mediaType: MEDIA_TYPE.ociArtifact, artifactType: 'a/b', blobs: [layer], subject: child }

const refused = (code: string) => expect.objectContaining({ name: 'FormatError', code })

test('the digest and size are those of the raw bytes, white space included', () => {
  const raw = new TextEncoder().encode(`${JSON.stringify(image, null, 3)}\n\n`)
  expect(parseManifest(raw)).toMatchObject({
    kind: 'oci-image',
    digest: digestOf(raw),
    size: raw.byteLength,
    bytes: raw,
  })
})

test('the digest uses the requested algorithm, without judging', () => {
  const raw = bytes(image)
  expect(parseManifest(raw, { digest: digestOf('other', 'sha512') }).digest).toBe(digestOf(raw, 'sha512'))
})

test('an image keeps its layers in order with duplicates', () => {
  expect(parseManifest(bytes(image))).toMatchObject({ kind: 'oci-image', config, layers: [layer, layer] })
  expect(parseManifest(bytes({ ...image, layers: null }))).toMatchObject({ layers: [] })
})

test('the view is frozen', () => {
  const manifest = parseManifest(bytes(image))
  if (manifest.kind !== 'oci-image') throw new Error(manifest.kind)
  expect(() => Object.assign(manifest.layers[0] ?? {}, { size: 1 })).toThrow(TypeError)
  expect(() => Object.assign(manifest, { kind: 'index' })).toThrow(TypeError)
})

test('indexes and artifact manifests are read with their subject', () => {
  expect(parseManifest(bytes({ ...index, subject: child, artifactType: 'x/y' }))).toMatchObject({
    kind: 'index',
    manifests: [child],
    subject: child,
    artifactType: 'x/y',
  })
  expect(parseManifest(bytes(artifact))).toMatchObject({ kind: 'oci-artifact', blobs: [layer], subject: child })
})

test('an image states its schema version; an index, of OCI or of Docker, has none', () => {
  const list = { ...index, mediaType: MEDIA_TYPE.dockerList }
  expect(parseManifest(bytes(image))).toHaveProperty('schemaVersion', 2)
  for (const document of [index, list]) {
    const manifest = parseManifest(bytes(document))
    expect(manifest.kind).toBe('index')
    expect(manifest).not.toHaveProperty('schemaVersion')
  }
})

test('an artifact type falls back to the type of a non-image config', () => {
  const helm = { ...image, config: { ...config, mediaType: MEDIA_TYPE.helmConfig } }
  expect(parseManifest(bytes(helm)).artifactType).toBe(MEDIA_TYPE.helmConfig)
  expect(parseManifest(bytes({ ...helm, artifactType: 'x/y' })).artifactType).toBe('x/y')
  expect(parseManifest(bytes(image)).artifactType).toBeUndefined()
})

test('a document that is an index and an image at once is refused (CVE-2021-41190)', () => {
  for (const extra of [{ layers: [layer] }, { config }, { fsLayers: [] }, { blobs: [] }]) {
    expect(() => parseManifest(bytes({ ...index, ...extra }))).toThrow(refused('manifest-ambiguous'))
    expect(() => parseManifest(bytes({ ...index, mediaType: undefined, ...extra }))).toThrow(
      refused('manifest-ambiguous'),
    )
  }
  expect(parseManifest(bytes({ ...index, layers: null })).kind).toBe('index')
})

test.each([
  ['in upper case', { ...image, Layers: [] }],
  ['of another kind', { ...image, MANIFESTS: [] }],
  ['with a letter that folds to another', { ...image, layerſ: [] }],
  ['in a layer', { ...image, layers: [{ ...layer, Digest: config.digest }] }],
  ['in the config’s descriptor', { ...image, config: { ...config, URLs: [] } }],
  ['in a platform', { ...index, manifests: [{ ...index.manifests[0], platform: { os: 'linux', OS: 'windows' } }] }],
])('a field name %s is refused: other programs would read it', (_, document) => {
  expect(() => parseManifest(bytes(document))).toThrow(refused('manifest-ambiguous'))
})

test('a body with another type than its header is refused', () => {
  expect(() => parseManifest(bytes(image), { contentType: MEDIA_TYPE.dockerManifest })).toThrow(
    refused('manifest-media-type'),
  )
})

test.each([
  ...['', 'application/json; charset=utf-8', 'text/plain', 'application/octet-stream'],
  // S3, and static servers that know files by their endings.
  ...['binary/octet-stream', 'text/json', 'application/x-json'],
])('the content type %j says nothing', (contentType) => {
  expect(parseManifest(bytes(image), { contentType })).toMatchObject({
    kind: 'oci-image',
    mediaType: MEDIA_TYPE.ociManifest,
  })
})

test('parameters and case of a content type don’t matter', () => {
  const contentType = 'Application/vnd.oci.image.manifest.v1+JSON; charset=utf-8'
  expect(parseManifest(bytes(image), { contentType }).mediaType).toBe(MEDIA_TYPE.ociManifest)
})

test('a missing type is inferred from the content', () => {
  const untyped = { ...image, mediaType: undefined }
  expect(parseManifest(bytes(untyped)).kind).toBe('oci-image')
  expect(parseManifest(bytes({ ...untyped, config: { ...config, mediaType: MEDIA_TYPE.dockerConfig } }))).toMatchObject(
    {
      kind: 'schema2',
      mediaType: MEDIA_TYPE.dockerManifest,
    },
  )
  const list = { schemaVersion: 2, manifests: [{ ...child, mediaType: MEDIA_TYPE.dockerManifest }] }
  expect(parseManifest(bytes(list)).mediaType).toBe(MEDIA_TYPE.dockerList)
  expect(parseManifest(bytes({ schemaVersion: 2, manifests: [] })).mediaType).toBe(MEDIA_TYPE.ociIndex)
})

test('unknown documents are shown as unknown, without a crash', () => {
  const strangers = [
    {},
    [],
    'text',
    null,
    { schemaVersion: 3, mediaType: MEDIA_TYPE.ociManifest, config, layers: [] },
    { ...image, schemaVersion: undefined },
    { schemaVersion: 2, mediaType: 'application/vnd.example.future.v9+json', things: [] },
    { schemaVersion: '2', config, layers: [] },
  ]
  for (const value of strangers)
    expect(parseManifest(bytes(value))).toMatchObject({ kind: 'unknown', bytes: bytes(value) })
})

test('a digest of an unknown algorithm is kept where it is well-formed', () => {
  const odd = { ...layer, digest: `blake3:${'a'.repeat(64)}` }
  expect(parseManifest(bytes({ ...image, layers: [odd, layer] }))).toMatchObject({ layers: [odd, layer] })
  expect(
    parseManifest(bytes({ ...index, manifests: [child, { ...odd, digest: 'multihash+base58:QmRZ_=-x' }] })),
  ).toHaveProperty('manifests.length', 2)
  for (const digest of [
    'sha256:abc',
    `sha256:${'A'.repeat(64)}`,
    'blake3:',
    'BLAKE3:aa',
    'a..b:aa',
    'blake3:../../x',
    'md5:a b',
  ])
    expect(() => parseManifest(bytes({ ...image, layers: [{ ...layer, digest }] }))).toThrow(refused('descriptor'))
})

test('malformed descriptors are reported with their place', () => {
  expect(() => parseManifest(bytes({ ...image, layers: [layer, { ...layer, digest: 'sha256:../../x' }] }))).toThrow(
    /layers\[1\]\.digest/,
  )
  expect(() => parseManifest(bytes({ ...image, layers: [{ ...layer, size: -1 }] }))).toThrow(/layers\[0\]\.size/)
  expect(() => parseManifest(bytes({ ...image, layers: { 0: layer } }))).toThrow(refused('manifest'))
  expect(() => parseManifest(bytes({ ...image, config: null }))).toThrow(refused('descriptor'))
})

test('an annotation called __proto__ is a key like any other', () => {
  const raw = new TextEncoder().encode(
    JSON.stringify(image).replace('{', '{"annotations":{"__proto__":"polluted","constructor":"c"},'),
  )
  const { annotations } = parseManifest(raw)
  expect([...annotations]).toEqual([
    ['__proto__', 'polluted'],
    ['constructor', 'c'],
  ])
  expect({}).not.toHaveProperty('polluted')
})

test('any JSON at all gives a manifest or a FormatError', () => {
  const field = fc.constantFrom('schemaVersion', 'mediaType', 'config', 'layers', 'manifests', 'fsLayers', 'blobs', 'x')
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(1, 2, ...Object.values(MEDIA_TYPE)))
  fc.assert(
    fc.property(
      fc.dictionary(field, value),
      fc.constantFrom('', ...Object.values(MEDIA_TYPE)),
      (document, contentType) => {
        try {
          const raw = bytes(document)
          expect(parseManifest(raw, { contentType }).bytes).toBe(raw)
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
