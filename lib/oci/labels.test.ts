import { expect, test } from 'vitest'
import { parseImageConfig } from './config.ts'
import { digestOf } from './digester.ts'
import { labelsOf } from './labels.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const config = parseImageConfig(bytes({ config: { Labels: { only: 'c', both: 'old', same: 's' } } }))
const annotations = { both: 'new', same: 's', extra: 'a' }
const image = (mediaType: string, configType: string) =>
  parseManifest(
    bytes({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: configType, digest: digestOf(''), size: 0 },
      layers: [],
      annotations,
    }),
  )

test('annotations of an OCI image override the labels of its config, and show what they hide', () => {
  expect(labelsOf(image(MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig), config)).toEqual([
    { key: 'only', value: 'c', origin: 'config' },
    { key: 'both', value: 'new', origin: 'annotation', overrides: 'old' },
    { key: 'same', value: 's', origin: 'annotation' },
    { key: 'extra', value: 'a', origin: 'annotation' },
  ])
})

test('annotations of a Docker-type manifest count like those of an OCI one: crane and ko write them', () => {
  expect(labelsOf(image(MEDIA_TYPE.dockerManifest, MEDIA_TYPE.dockerConfig), config)).toEqual(
    labelsOf(image(MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig), config),
  )
})

test('numbers, booleans and null are accepted as label values, lists and objects aren’t', () => {
  const odd = { n: 3, yes: true, text: '3', none: null, list: ['x'], map: {}, __proto__x: 0 }
  const labels = labelsOf(
    image(MEDIA_TYPE.ociManifest, MEDIA_TYPE.ociConfig),
    parseImageConfig(bytes({ config: { Labels: odd } })),
  )
  expect(labels.filter(({ origin }) => origin === 'config')).toEqual([
    { key: 'n', value: '3', origin: 'config', type: 'number' },
    { key: 'yes', value: 'true', origin: 'config', type: 'boolean' },
    { key: 'text', value: '3', origin: 'config' },
    { key: 'none', value: '', origin: 'config' },
    { key: '__proto__x', value: '0', origin: 'config', type: 'number' },
  ])
})

test('null is the empty text in annotations and in schema 1, too', () => {
  const none = { none: null }
  const annotated = { mediaType: MEDIA_TYPE.ociArtifact, blobs: [], annotations: none }
  expect(labelsOf(parseManifest(bytes(annotated)))).toEqual([{ key: 'none', value: '', origin: 'annotation' }])
  const digest = `sha256:${'a'.repeat(64)}`
  const entry = { mediaType: MEDIA_TYPE.ociManifest, digest, size: 1, annotations: none }
  const index = parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [entry] }))
  expect(index.kind === 'index' && [...(index.manifests[0]?.annotations ?? [])]).toEqual([['none', '']])
  const v1Compatibility = JSON.stringify({ id: 'x', config: { Labels: none } })
  const legacy = {
    name: 'a',
    tag: '1',
    architecture: 'amd64',
    fsLayers: [{ blobSum: digest }],
    history: [{ v1Compatibility }],
  }
  const schema1 = parseManifest(bytes({ schemaVersion: 1, ...legacy }))
  expect(labelsOf(schema1)).toEqual([{ key: 'none', value: '', origin: 'config' }])
})

test('an artifact has its annotations, an index none', () => {
  const artifact = parseManifest(bytes({ mediaType: MEDIA_TYPE.ociArtifact, blobs: [], annotations }))
  expect(labelsOf(artifact).map((label) => label.key)).toEqual(['both', 'same', 'extra'])
  const index = parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [], annotations }))
  expect(labelsOf(index)).toEqual([])
  expect(index.annotations.size).toBe(3)
})

test('schema 1 has the labels of its leaf', () => {
  const v1Compatibility = JSON.stringify({ id: 'x', config: { Labels: { who: 'me' } } })
  const schema1 = {
    schemaVersion: 1,
    name: 'a',
    tag: 'b',
    architecture: 'amd64',
    fsLayers: [{ blobSum: digestOf('leaf') }, { blobSum: digestOf('base') }],
    history: [{ v1Compatibility }, { v1Compatibility: '{"id":"y","config":{"Labels":{"who":"base"}}}' }],
  }
  expect(labelsOf(parseManifest(bytes(schema1)))).toEqual([{ key: 'who', value: 'me', origin: 'config' }])
})
