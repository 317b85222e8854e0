import { expect, test } from 'vitest'
import { describeArtifact } from './artifact.ts'
import { digestOf } from './digester.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'

const descriptor = (mediaType: string) => ({ mediaType, digest: digestOf(mediaType), size: 1 })
const image = (configType: string, layerTypes: string[] = [], artifactType?: string) => ({
  schemaVersion: 2,
  mediaType: MEDIA_TYPE.ociManifest,
  artifactType,
  config: descriptor(configType),
  layers: layerTypes.map(descriptor),
})

test.each([
  ['image', image(MEDIA_TYPE.ociConfig, [MEDIA_TYPE.ociLayerGzip])],
  ['image', image(MEDIA_TYPE.ociConfig, [MEDIA_TYPE.ociLayerGzip, MEDIA_TYPE.inToto])],
  ['helm', image(MEDIA_TYPE.helmConfig, ['application/vnd.cncf.helm.chart.content.v1.tar+gzip'])],
  ['wasm', image('application/vnd.wasm.config.v0+json', ['application/wasm'])],
  ['wasm', image(MEDIA_TYPE.ociConfig, ['application/vnd.module.wasm.content.layer.v1+wasm'])],
  ['cosign-signature', image(MEDIA_TYPE.ociConfig, ['application/vnd.dev.cosign.simplesigning.v1+json'])],
  ['sigstore-bundle', image(MEDIA_TYPE.ociEmpty, [], 'application/vnd.dev.sigstore.bundle.v0.3+json')],
  ['notation-signature', image('application/vnd.cncf.notary.signature', ['application/jose+json'])],
  ['attestation', image(MEDIA_TYPE.ociConfig, [MEDIA_TYPE.inToto, MEDIA_TYPE.inToto])],
  ['attestation', image(MEDIA_TYPE.ociConfig, ['application/vnd.dsse.envelope.v1+json'])],
  ['sbom', image(MEDIA_TYPE.ociEmpty, ['application/spdx+json'], 'application/spdx+json')],
  ['sbom', image(MEDIA_TYPE.ociConfig, ['text/spdx'])],
  ['sbom', image(MEDIA_TYPE.ociEmpty, [], 'application/vnd.cyclonedx+json')],
  ['soci', image(MEDIA_TYPE.ociEmpty, [], 'application/vnd.amazon.soci.index.v1+json')],
  ['flux', image('application/vnd.cncf.flux.config.v1+json', ['application/vnd.cncf.flux.content.v1.tar+gzip'])],
  [
    'policy',
    image('application/vnd.cncf.openpolicyagent.config.v1+json', ['application/vnd.oci.image.layer.v1.tar+gzip']),
  ],
  [
    'policy',
    image('application/vnd.cncf.kyverno.config.v1+json', ['application/vnd.cncf.kyverno.policy.layer.v1+yaml']),
  ],
  ['files', image(MEDIA_TYPE.ociEmpty, ['text/plain', 'text/css'], 'application/vnd.unknown.artifact.v1')],
  ['files', image('application/vnd.unknown.config.v1+json', ['text/plain'])],
  ['artifact', image(MEDIA_TYPE.ociEmpty, [], 'application/vnd.acme.rocket')],
  ['index', { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests: [] }],
  ['artifact', { mediaType: MEDIA_TYPE.ociArtifact, blobs: [descriptor('text/plain')] }],
  ['sbom', { mediaType: MEDIA_TYPE.ociArtifact, blobs: [descriptor('application/spdx+json')] }],
  ['unknown', { schemaVersion: 9 }],
])('recognises %s', (kind, document) => {
  const manifest = parseManifest(new TextEncoder().encode(JSON.stringify(document)))
  expect(describeArtifact(manifest).kind).toBe(kind)
})

test('names an unknown artifact by its type', () => {
  const document = image(MEDIA_TYPE.ociEmpty, [], 'application/vnd.acme.rocket')
  const manifest = parseManifest(new TextEncoder().encode(JSON.stringify(document)))
  expect(describeArtifact(manifest).title).toBe('Artifact (application/vnd.acme.rocket)')
})
