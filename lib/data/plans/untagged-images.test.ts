import { expect, it } from 'vitest'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import { untaggedItems } from './untagged-images.ts'

it('counts only manifests as platforms, not the layers that a build cache lists', () => {
  const entry = (mediaType: string, fill: string) => ({ mediaType, digest: `sha256:${fill.repeat(64)}`, size: 1 })
  const index = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociIndex,
    manifests: [entry(MEDIA_TYPE.ociManifest, 'a'), entry('application/vnd.oci.image.layer.v1.tar+gzip', 'b')],
  }
  const manifest = parseManifest(Buffer.from(JSON.stringify(index)), { contentType: MEDIA_TYPE.ociIndex })
  const [item] = untaggedItems([{ manifest }], {
    watch: { tagsOn: () => [], indexesOf: () => [] },
    taggedReferrers: new Map(),
    protectedBy: undefined,
    keepDays: 0,
    now: 0,
  })
  expect(item).toMatchObject({ kind: 'image', holds: { platforms: 1 } })
})
