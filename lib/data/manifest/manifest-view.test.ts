import { expect, test } from 'vitest'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { manifestView } from './manifest-view.ts'

const digest = `sha256:${'a'.repeat(64)}`

function viewOf(config: string, artifactType?: string) {
  const document = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...(artifactType && { artifactType }),
    config: { mediaType: config, digest, size: 2 },
    layers: [],
  }
  return manifestView({ manifest: parseManifest(Buffer.from(JSON.stringify(document))) })
}

test('only what has a chart’s config is read as one, whatever else is called a Helm chart', () => {
  expect(viewOf(MEDIA_TYPE.helmConfig)).toMatchObject({ artifact: { kind: 'helm' }, isChart: true })
  const empty = viewOf('application/vnd.oci.empty.v1+json', 'application/vnd.cncf.helm.chart.v1')
  expect(empty).toMatchObject({ artifact: { kind: 'helm', title: 'Helm chart' }, isChart: false })
})
