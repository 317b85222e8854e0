import { beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import type { ImageManifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Repository } from '../../registry/registry.ts'
import { copyImage } from '../copy/copy.ts'
import { flatten } from '../flatten/flatten.ts'
import { openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putImage, tag } from '../testing/images.ts'
import { blobFile, entryOf, jsonBytes, ociArchive } from '../testing/made-archives.ts'
import { loadArchive } from './load-archive.ts'
import { writeOciArchive } from './write-archive.ts'

/** What a load or a copy into one repository of a layout can get out of another one: security-and-faults.md, row 46. */
describe('content of another repository of the layout', () => {
  const layout = useHome(openLayout)
  const server = useHome(startRegistry)
  let own: Repository
  let image: ImageManifest
  beforeEach(async () => {
    const put = await putImage(layout().fresh(), { tags: ['1'] })
    if (put.kind !== 'oci-image') throw new Error(put.kind)
    image = put
    own = layout().fresh()
  })
  const absent = digestOf('nowhere')

  it('is missing from a loaded index that names it, like nonexistent content, and never served', async () => {
    const index = (digest: string) =>
      jsonBytes({
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.ociIndex,
        manifests: [{ ...pointerTo(image, { platform: { os: 'linux', architecture: 'amd64' } }), digest }],
      })
    const load = (bytes: Buffer, name: string) =>
      loadArchive(own, ociArchive([entryOf(bytes, name, MEDIA_TYPE.ociIndex)], [blobFile(bytes)]))
    expect((await load(index(image.digest), 'a')).images).toMatchObject([{ missing: [image.digest] }])
    expect((await load(index(absent), 'b')).images).toMatchObject([{ missing: [absent] }])
    // Started one after another: the second could fail before anything waits for it.
    for (const serve of [writeOciArchive, flatten])
      await expect(serve(own, tag('a'))).rejects.toMatchObject({ kind: 'missing-content' })
  })

  it('fails the load of a manifest that names its layer, like a nonexistent layer', async () => {
    const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [] } }))
    const load = async (digest: string) => {
      const manifest = jsonBytes({
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.ociManifest,
        config: { mediaType: MEDIA_TYPE.ociConfig, digest: digestOf(config), size: config.length },
        layers: [{ mediaType: MEDIA_TYPE.ociLayerGzip, digest, size: 1 }],
      })
      const archive = ociArchive([entryOf(manifest, 'm')], [blobFile(manifest), blobFile(config)])
      return loadArchive(own, archive).then(String, (error) => String(error).replaceAll(digest, 'DIGEST'))
    }
    const layer = image.layers[0]?.digest ?? absent
    expect(await load(layer)).toBe(await load(absent))
    await expect(own.resolve(tag('m'))).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('doesn’t complete a copy whose source lacks the layer', async () => {
    const source = server().fresh()
    const whole = await putImage(source, { tags: ['1'], layers: [Buffer.from('only in the layout')] })
    if (whole.kind !== 'oci-image') throw new Error(whole.kind)
    const [layer] = whole.layers
    if (!layer) throw new Error('no layer')
    const other = layout().fresh()
    await other.putBlob(await source.blobBytes(layer.digest))
    const lacking: Repository = {
      ...source,
      blob: async (digest, options) => source.blob(digest === layer.digest ? absent : digest, options),
    }
    const to = { repository: own, reference: tag('1') }
    await expect(copyImage({ repository: lacking, reference: tag('1') }, to)).rejects.toMatchObject({
      kind: 'not-found',
    })
    await expect(own.resolve(tag('1'))).rejects.toMatchObject({ kind: 'not-found' })
    expect(await own.statBlob(layer.digest)).toBeUndefined()
  })
})
