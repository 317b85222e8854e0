import { expect, test } from 'vitest'
import { parseImageConfig } from './config.ts'
import { UNKNOWN_SIZE } from './descriptor.ts'
import { digestOf } from './digester.ts'
import { buildSteps } from './history.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'
import { successors } from './successors.ts'

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const layers = ['a', 'b'].map((name) => ({ mediaType: MEDIA_TYPE.ociLayer, digest: digestOf(name), size: 1 }))
const config = { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf('config'), size: 6 }
const image = parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers }))
const withHistory = (history: unknown) =>
  parseImageConfig(bytes({ history, rootfs: { diff_ids: [digestOf('A'), digestOf('B')] } }))

test('every command is paired with the layer it made, and empty steps have none', () => {
  const steps = buildSteps(
    image,
    withHistory([{ created_by: 'ADD' }, { created_by: 'ENV', empty_layer: true }, { created_by: 'RUN', comment: 'x' }]),
  )
  expect(steps).toEqual([
    { createdBy: 'ADD', layer: { index: 0, descriptor: layers[0], diffId: digestOf('A') } },
    { createdBy: 'ENV' },
    { createdBy: 'RUN', comment: 'x', layer: { index: 1, descriptor: layers[1], diffId: digestOf('B') } },
  ])
})

test('no layer is lost when the history is missing or short, and no step when it is long', () => {
  expect(buildSteps(image).map((step) => step.layer?.index)).toEqual([0, 1])
  expect(buildSteps(image, withHistory([{ created_by: 'ADD' }])).map((step) => step.layer?.index)).toEqual([0, 1])
  const long = buildSteps(image, withHistory([{}, {}, { created_by: 'lost' }]))
  expect(long.map((step) => step.layer?.index)).toEqual([0, 1, undefined])
})

test('different numbers of steps and layers are paired as a guess only', () => {
  const guesses = (history: unknown[]) => buildSteps(image, withHistory(history)).map((step) => step.isGuess ?? false)
  expect(guesses([{ created_by: 'ADD' }])).toEqual([true, true])
  expect(guesses([{}, {}, {}])).toEqual([true, true, true])
  expect(guesses([{}, { empty_layer: true }, {}])).toEqual([false, false, false])
  expect(guesses([])).toEqual([false, false])
})

test('an index and an artifact have no layers, whatever they list', () => {
  const manifests = [{ mediaType: MEDIA_TYPE.ociManifest, digest: digestOf('child'), size: 1 }]
  const index = parseManifest(bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests }))
  const artifact = parseManifest(
    bytes({ mediaType: MEDIA_TYPE.ociArtifact, artifactType: 'application/vnd.example', blobs: layers }),
  )
  expect([index.kind, artifact.kind]).toEqual(['index', 'oci-artifact'])
  for (const manifest of [index, artifact]) expect(buildSteps(manifest, withHistory([{}]))).toEqual([])
})

test('a foreign layer says where it is, beside the step that made it', () => {
  const urls = ['https://example.com/layer', 'https://mirror.example.com/layer']
  const foreign = { mediaType: MEDIA_TYPE.dockerForeignLayerGzip, digest: digestOf('base'), size: 9, urls }
  const windows = parseManifest(
    bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.dockerManifest, config, layers: [foreign, layers[1]] }),
  )
  const steps = buildSteps(windows, withHistory([{ created_by: 'Apply image' }, { created_by: 'ADD' }]))
  expect(steps.map(({ createdBy, layer }) => [createdBy, layer?.descriptor.urls])).toEqual([
    ['Apply image', urls],
    ['ADD', undefined],
  ])
})

test('schema 1 layers run base → leaf with an unknown size, throwaway ones included', () => {
  const manifest = parseManifest(
    bytes({
      schemaVersion: 1,
      fsLayers: [{ blobSum: digestOf('leaf') }, { blobSum: digestOf('base') }],
      history: [{ v1Compatibility: '{"throwaway":true,"created":"2"}' }, { v1Compatibility: '{"created":"1"}' }],
    }),
  )
  const expected = ['base', 'leaf'].map((name) => ({ digest: digestOf(name), size: UNKNOWN_SIZE }))
  expect(successors(manifest)).toMatchObject(expected)
  expect(buildSteps(manifest)).toMatchObject([
    { created: '1', layer: { index: 0, descriptor: expected[0] } },
    { created: '2', layer: { index: 1, descriptor: expected[1] } },
  ])
})

test('an image needs its config and layers, but not its subject', () => {
  const subject = { mediaType: MEDIA_TYPE.ociManifest, digest: digestOf('subject'), size: 7 }
  const manifest = parseManifest(
    bytes({ schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers, subject }),
  )
  expect(successors(manifest)).toEqual([config, ...layers])
})
