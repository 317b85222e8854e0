import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { Registry, Repository } from '../../registry/registry.ts'
import { loadArchive } from '../archive/load-archive.ts'
import { writeDockerArchive, writeOciArchive } from '../archive/write-archive.ts'
import { createImageCache } from '../cache/image-cache.ts'
import { copyImage } from '../copy/copy.ts'
import { restoreManifest } from '../delete/restore.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { putBlob, putImage, tag } from '../testing/images.ts'

const NONDISTRIBUTABLE = 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'
const urls = ['https://layers.example.com/base']

/** An image of one layer of that kind, with its content or without. */
async function put(
  repository: Repository,
  layer: { mediaType: string; urls?: readonly string[] },
  text: string,
  held: boolean,
) {
  const content = Buffer.from(text)
  if (held) await putBlob(repository, content, layer.mediaType)
  const layers = [{ ...layer, digest: digestOf(content), size: content.length }]
  return putImage(repository, { tags: ['1.0'], fields: { layers } })
}

describe.each([
  ['has an address and an ordinary type', { mediaType: MEDIA_TYPE.ociLayerGzip, urls }],
  ['may not be redistributed and has no address', { mediaType: NONDISTRIBUTABLE }],
  ['may not be redistributed and has an address', { mediaType: NONDISTRIBUTABLE, urls }],
])('a layer that isn’t here and %s', (_kind, layer) => {
  const home = useHome(openLayout)
  const other = useHome(openLayout)

  it('counts as present everywhere: a check, a copy, an archive, a restoration and the cache agree', async () => {
    const from = home().registry.repository(parseRepositoryName('example.com/app'))
    const image = await put(from, layer, `absent ${JSON.stringify(layer)}`, false)
    const elsewhere = [{ digest: digestOf(`absent ${JSON.stringify(layer)}`) }]
    expect(await checkCompleteness(from, tag('1.0'))).toMatchObject({ complete: true, foreignLayers: [{}] })
    const to = { repository: other().fresh(), reference: tag('1.0') }
    expect(await copyImage({ repository: from, reference: tag('1.0') }, to)).toMatchObject({ foreignLayers: elsewhere })
    const archive = await writeOciArchive(from, tag('1.0'))
    expect(archive.foreignLayers).toMatchObject(elsewhere)
    const {
      images: [loaded],
    } = await loadArchive(other().fresh(), archive.stream)
    expect(loaded?.digest).toBe(image.digest)
    await expect(writeDockerArchive(from, tag('1.0'))).rejects.toMatchObject({ kind: 'missing-content' })
    await from.deleteManifest(image.digest, { expectTags: [tag('1.0')] })
    expect(await restoreManifest(from, image, [tag('1.0')])).toMatchObject({ digest: image.digest })
    expect(await cacheOver(home().registry).imageInCache('example.com/app:1.0')).toBe(true)
  })
})

describe.each([
  ['in a layout, has an address and an ordinary type', openLayout, { mediaType: MEDIA_TYPE.ociLayerGzip, urls }],
  ['in a layout, may not be redistributed', openLayout, { mediaType: NONDISTRIBUTABLE }],
  // docker-registry takes no other kind, unless it is configured to.
  ['in docker-registry, is foreign', startRegistry, { mediaType: MEDIA_TYPE.dockerForeignLayerGzip, urls }],
] as const)('a layer that might be elsewhere and, %s', (_kind, open, layer) => {
  const home = useHome(open)

  it('is checked, copied and archived like any other where it is here', async () => {
    const from = home().fresh()
    await put(from, layer, 'held here', true)
    expect(await checkCompleteness(from, tag('1.0'), { full: true })).toMatchObject({
      complete: true,
      foreignLayers: [],
    })
    const to = home().fresh()
    const report = await copyImage({ repository: from, reference: tag('1.0') }, { repository: to })
    expect(report.foreignLayers).toEqual([])
    expect(await to.statBlob(digestOf('held here'))).toEqual({ size: 9 })
    for (const write of [writeOciArchive, writeDockerArchive])
      expect((await buffer((await write(from, tag('1.0'))).stream)).includes('held here')).toBe(true)
  })
})

function cacheOver(layout: Registry) {
  return createImageCache({ layout, registryFor: () => undefined })
}
