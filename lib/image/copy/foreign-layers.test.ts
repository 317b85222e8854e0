import { buffer } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Repository } from '../../registry/registry.ts'
import { startHttpServer } from '../../testing/servers/http-server.ts'
import { writeDockerArchive, writeOciArchive } from '../archive/write-archive.ts'
import { flatten } from '../flatten/flatten.ts'
import { readTar } from '../tar/read-tar.ts'
import { openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { putBlob, putImage, tag } from '../testing/images.ts'

const content = Buffer.from('far away')
/** Would serve the layer to anyone who asks: nobody here may. */
const canary = await startHttpServer((_request, response) => void response.end(content))
afterAll(() => canary.stop())

const DOCKER = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'

describe.each([
  ['in a layout', openLayout, DOCKER],
  // docker-registry takes no other kind, unless it is configured to.
  ['in docker-registry', startRegistry, DOCKER],
  ['in a layout', openLayout, 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip'],
  // The type of a layer that is kept here, with addresses nevertheless.
  ['in a layout', openLayout, MEDIA_TYPE.ociLayerGzip],
] as const)('a layer %s with a URL elsewhere', (_where, open, mediaType) => {
  const home = useHome(open)
  const kept = mediaType === MEDIA_TYPE.ociLayerGzip
  let repository: Repository
  const foreign = { digest: digestOf(content), size: content.length, urls: [`${canary.url}/layer`] }
  beforeEach(() => {
    repository = home().fresh()
    canary.requests.length = 0
  })

  /** An image of one such layer above one that is kept here. */
  async function put() {
    const base = await putImage(repository)
    const own = base.kind === 'oci-image' ? base.layers[0] : undefined
    if (!own) throw new Error('no layer')
    // Listed like any other, so that the address is all that could make anyone look there.
    if (kept) await putBlob(repository, content, mediaType)
    const layers = [
      { mediaType: own.mediaType, digest: own.digest, size: own.size },
      { ...foreign, mediaType },
    ]
    await putImage(repository, { tags: ['1.0'], fields: { layers } })
    return own
  }

  it('isn’t fetched from there by an OCI archive, which says where it is', async () => {
    const own = await put()
    const archive = await writeOciArchive(repository, tag('1.0'))
    const names: string[] = []
    for await (const { entry } of readTar(archive.stream)) names.push(String(entry.path))
    expect(names.join(' ')).toContain(own.digest.slice(7))
    expect(names.join(' ').includes(foreign.digest.slice(7))).toBe(kept)
    expect(archive.foreignLayers.map(({ digest }) => digest)).toEqual(kept ? [] : [foreign.digest])
    expect(canary.requests).toEqual([])
  })

  it('isn’t fetched from there by a docker archive', async () => {
    await put()
    const archive = writeDockerArchive(repository, tag('1.0')).then(({ stream }) => buffer(stream))
    if (kept) expect((await archive).includes(content)).toBe(true)
    else await expect(archive).rejects.toMatchObject({ kind: 'missing-content' })
    expect(canary.requests).toEqual([])
  })

  it('isn’t fetched from there for the file system', async () => {
    await put()
    // What is kept here isn't a tar archive, which shows when it's read from here.
    await expect(flatten(repository, tag('1.0')).then(({ stream }) => buffer(stream))).rejects.toMatchObject(
      kept ? { name: 'FormatError' } : { kind: 'missing-content' },
    )
    expect(canary.requests).toEqual([])
  })
})
