import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blobDigests, localBlobDigests } from '../blob-digests.ts'
import { digestOf } from '../digester.ts'
import { MEDIA_TYPE } from '../media-type.ts'
import { parseManifest } from '../parse-manifest.ts'
import { parseRepositoryName, parseTag } from '../reference.ts'
import { leafLayerV1ImageId, legacyImageIds } from './legacy-image-ids.ts'
import { generateLegacyLayers } from './legacy-layers.ts'
import { v1CompatibleManifest } from './v1-compatible-manifest.ts'
import { EMPTY_LAYER, EMPTY_LAYER_DIGEST } from './v1-history.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const layer = (name: string, more = {}) => ({
  mediaType: MEDIA_TYPE.dockerLayerGzip,
  digest: digestOf(name),
  size: 1,
  ...more,
})
const config = { mediaType: MEDIA_TYPE.dockerConfig, digest: digestOf('config'), size: 6 }
const image = (...layers: object[]) =>
  parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.dockerManifest, config, layers }))
const configBytes = bytes({ os: 'linux', architecture: 'amd64', config: { Labels: { a: 'b' } } })

const schema1 = (...images: { id: string; parent?: string }[]) =>
  parseManifest(
    bytes({
      schemaVersion: 1,
      name: 'a/b',
      tag: 't',
      architecture: 'amd64',
      fsLayers: images.map(({ id }) => ({ blobSum: digestOf(id) })).reverse(),
      history: images.map((v1) => ({ v1Compatibility: JSON.stringify(v1) })).reverse(),
    }),
  )

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('the empty layer matches its digest', () => {
  expect(digestOf(EMPTY_LAYER)).toBe(EMPTY_LAYER_DIGEST)
})

test('schema 1 keeps the ids it records, base → leaf', () => {
  const manifest = schema1({ id: 'one' }, { id: 'two', parent: 'one' })
  expect(legacyImageIds(manifest)).toEqual(['one', 'two'])
  expect(leafLayerV1ImageId(manifest)).toBe('two')
})

test('ids of other images are derived from the layers, the leaf also from the config', () => {
  const [base, leaf] = [digestOf('base').slice(7), digestOf('leaf').slice(7)]
  const baseId = sha256(`${base} `)
  const leafId = sha256(`${leaf} ${baseId} ${Buffer.from(configBytes).toString()}`)
  expect(legacyImageIds(image(layer('base'), layer('leaf')), configBytes)).toEqual([baseId, leafId])
})

test('images with remote, encrypted or zstd layers, and non-images, have no v1 ids', () => {
  for (const odd of [
    { urls: ['https://example.com/layer'] },
    { mediaType: MEDIA_TYPE.dockerForeignLayerGzip },
    { mediaType: MEDIA_TYPE.ociLayerZstd },
    { mediaType: `${MEDIA_TYPE.ociLayerGzip}+encrypted` },
  ])
    expect(legacyImageIds(image(layer('base', odd), layer('leaf')), configBytes)).toBeUndefined()
  const index = parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [] }))
  expect(legacyImageIds(index, configBytes)).toBeUndefined()
  expect(leafLayerV1ImageId(index)).toBeUndefined()
})

test('blobs are listed base → leaf with duplicates, then the config; local ones without the remote', () => {
  const manifest = image(layer('win', { urls: ['https://example.com'] }), layer('a'), layer('a'))
  expect(blobDigests(manifest)).toEqual([digestOf('win'), digestOf('a'), digestOf('a'), digestOf('config')])
  expect(localBlobDigests(manifest)).toEqual([digestOf('a'), digestOf('a'), digestOf('config')])
  const index = parseManifest(
    bytes({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [{ ...config, mediaType: MEDIA_TYPE.ociManifest }],
    }),
  )
  expect(blobDigests(index)).toEqual([])
})

test('a non-distributable layer isn’t local, by its type alone', () => {
  for (const mediaType of [
    MEDIA_TYPE.dockerForeignLayerGzip,
    'application/vnd.docker.image.rootfs.foreign.diff.tar',
    'application/vnd.oci.image.layer.nondistributable.v1.tar',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  ]) {
    const manifest = image(layer('win', { mediaType }), layer('a'))
    expect(blobDigests(manifest)).toEqual([digestOf('win'), digestOf('a'), digestOf('config')])
    expect(localBlobDigests(manifest)).toEqual([digestOf('a'), digestOf('config')])
  }
})

test('an image has a form for Docker before 1.10, unless a layer is foreign', async () => {
  const options = {
    name: parseRepositoryName('a/b'),
    tag: parseTag('t'),
    manifest: async () => undefined,
    blob: async () => configBytes,
  }
  const local = await v1CompatibleManifest(image(layer('base'), layer('leaf')), options)
  expect(local?.document.layers.map(({ digest }) => digest)).toEqual([digestOf('base'), digestOf('leaf')])
  for (const elsewhere of [{ urls: ['https://example.com/layer'] }, { mediaType: MEDIA_TYPE.dockerForeignLayerGzip }])
    expect(await v1CompatibleManifest(image(layer('base', elsewhere), layer('leaf')), options)).toBeUndefined()
})

test('legacy layers keep their ids while nothing else claims them', () => {
  const manifest = schema1({ id: 'one' }, { id: 'two', parent: 'one' })
  const layers = generateLegacyLayers(manifest, undefined, new Map([['one', digestOf('one')]]))
  expect(layers).toEqual([
    { id: 'one', digest: digestOf('one'), v1Compatibility: '{"id":"one"}' },
    { id: 'two', parent: 'one', digest: digestOf('two'), v1Compatibility: '{"id":"two","parent":"one"}' },
  ])
})

test('a known id with other content gives it and all that follow new ids and parents', () => {
  const manifest = schema1({ id: 'one' }, { id: 'two', parent: 'one' }, { id: 'three', parent: 'two' })
  const layers = generateLegacyLayers(manifest, undefined, new Map([['two', digestOf('other content')]]))
  const first = `${digestOf('one')}@{"id":"one"}|`
  const second = `${first}${digestOf('two')}@{"id":"two","parent":"one"}|`
  const third = `${second}${digestOf('three')}@{"id":"three","parent":"two"}|`
  expect(layers?.map(({ id, parent, rewrittenFrom }) => [id, parent, rewrittenFrom])).toEqual([
    ['one', undefined, undefined],
    [sha256(second), 'one', 'two'],
    [sha256(third), sha256(second), 'three'],
  ])
  expect(JSON.parse(layers?.[2]?.v1Compatibility ?? '')).toEqual({ id: sha256(third), parent: sha256(second) })
})

test('whatever is known, the layers form one chain and none has the id of other content', () => {
  const names = ['a', 'b', 'c', 'd']
  const chain = schema1(...names.map((id, n) => ({ id, ...(n > 0 && { parent: names[n - 1] }) })))
  const known = fc.dictionary(
    fc.constantFrom(...names),
    fc.constantFrom(...names).map((name) => digestOf(name)),
  )
  fc.assert(
    fc.property(known, (record) => {
      const existing = new Map(Object.entries(record))
      const layers = generateLegacyLayers(chain, undefined, existing) ?? []
      expect(layers.length).toBe(names.length)
      for (const [n, { id, parent, digest }] of layers.entries()) {
        expect(parent).toBe(layers[n - 1]?.id)
        expect(existing.get(id) ?? digest).toBe(digest)
      }
    }),
  )
})
