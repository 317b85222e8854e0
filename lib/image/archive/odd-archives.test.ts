import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { signSchema1 } from '../../oci/schema1/sign-schema1.ts'
import { createImageCache } from '../cache/image-cache.ts'
import { describeHomes, openLayout, useHome } from '../testing/homes.ts'
import { putImage, tag } from '../testing/images.ts'
import {
  blobFile,
  entryOf,
  filesOf,
  jsonBytes,
  madeImage,
  ociArchive,
  pointer,
  savedArchive,
} from '../testing/made-archives.ts'
import { loadArchive } from './load-archive.ts'
import { writeOciArchive } from './write-archive.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'lading-odd-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const image = madeImage('odd')
const THING = 'application/vnd.example.thing.v1+json'

describeHomes('an OCI archive', (home) => {
  it.each(['1.0+b1', 'stable@x', 'linux/amd64 x', 'app:1@sha256:zz', 'registry.example.com:5000/Foo:1'])(
    'that calls an image %s, which no tag can be, gives it without a tag',
    async (name) => {
      const repository = home().fresh()
      const archive = ociArchive([entryOf(image.manifest, name)], filesOf(image))
      const loaded = await loadArchive(repository, archive)
      const digest = digestOf(image.manifest)
      expect(loaded).toEqual({ images: [expect.objectContaining({ name, digest, missing: [] })], passedOver: [] })
      expect(loaded.images[0]).not.toHaveProperty('tag')
      expect((await repository.manifest(digest)).kind).toBe('oci-image')
    },
  )

  it('that skopeo wrote under such a name loads', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository, { tags: ['1'] })
    const [plain, named] = [join(folder, `${digest.slice(7)}.tar`), join(folder, `${digest.slice(7)}-named.tar`)]
    await writeFile(plain, (await writeOciArchive(repository, tag('1'))).stream)
    await run('skopeo', ['copy', '-q', '--insecure-policy', `oci-archive:${plain}`, `oci-archive:${named}:1.0+b1`])
    const { images } = await loadArchive(home().fresh(), createReadStream(named))
    expect(images).toMatchObject([{ name: '1.0+b1', digest }])
  })

  it('with an entry that isn’t a manifest, as in the example of image-spec, loads its images and reports the rest', async () => {
    const xml = Buffer.from('<component/>')
    const repository = home().fresh()
    const { images, passedOver } = await loadArchive(
      repository,
      ociArchive(
        [entryOf(image.manifest, 'v1.0'), entryOf(xml, undefined, 'application/xml')],
        [...filesOf(image), blobFile(xml)],
      ),
    )
    expect(images).toMatchObject([{ tag: 'v1.0' }])
    expect(passedOver).toEqual([
      { digest: digestOf(xml), mediaType: 'application/xml', reason: expect.stringContaining('application/xml') },
    ])
  })

  it('with an entry whose file is missing is refused', async () => {
    const archive = ociArchive([entryOf(image.manifest, 'v1.0'), entryOf(Buffer.from('gone'))], filesOf(image))
    await expect(loadArchive(home().fresh(), archive)).rejects.toMatchObject({ kind: 'missing-content' })
  })

  it('that calls a non-manifest one is refused', async () => {
    const text = Buffer.from('{"schemaVersion":2}')
    const archive = ociArchive([entryOf(text, 'x')], [blobFile(text)])
    await expect(loadArchive(home().fresh(), archive)).rejects.toMatchObject({ name: 'FormatError' })
  })
})

describe('a manifest of a kind that archives rarely have', () => {
  const layout = useHome(openLayout)
  const document = jsonBytes({ schemaVersion: 2, mediaType: THING, x: 1 })

  it('and unknown comes back from our own archive', async () => {
    const from = layout().fresh()
    await from.putManifest(tag('u'), { mediaType: THING, bytes: document })
    const to = layout().fresh()
    const { images } = await loadArchive(to, (await writeOciArchive(from, tag('u'))).stream)
    expect(images).toMatchObject([{ tag: 'u', mediaType: THING, digest: digestOf(document) }])
    expect(await to.resolve(tag('u'))).toEqual(await from.resolve(tag('u')))
  })

  it('and unknown is kept as a blob of an index', async () => {
    const index = jsonBytes({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: [pointer(image.manifest, MEDIA_TYPE.ociManifest), pointer(document, THING)],
    })
    const files = [...filesOf(image), blobFile(document), blobFile(index)]
    const to = layout().fresh()
    const { images } = await loadArchive(to, ociArchive([entryOf(index, 'i', MEDIA_TYPE.ociIndex)], files))
    expect(images).toMatchObject([{ tag: 'i', missing: [] }])
    expect(await to.statBlob(digestOf(document))).toEqual({ size: document.byteLength })
  })

  it('of schema 1 loads, and names its new repository', async () => {
    const repository = layout().fresh()
    const layer = Buffer.from('layer')
    const bytes = schema1Of(layer)
    const entry = entryOf(bytes, 'old', MEDIA_TYPE.schema1Signed)
    const { images } = await loadArchive(repository, ociArchive([entry], [blobFile(bytes), blobFile(layer)]))
    const manifest = await repository.manifest(tag('old'))
    expect(images).toMatchObject([{ tag: 'old', digest: manifest.digest }])
    expect(manifest).toMatchObject({ kind: 'schema1', document: { name: repository.name, tag: 'old' } })
  })

  it('without its own type takes the type from the archive', async () => {
    const empty = jsonBytes({ schemaVersion: 2, manifests: [] })
    const archive = ociArchive([entryOf(empty, 'none', MEDIA_TYPE.dockerList)], [blobFile(empty)])
    const { images } = await loadArchive(layout().fresh(), archive)
    expect(images).toMatchObject([{ tag: 'none', mediaType: MEDIA_TYPE.dockerList }])
  })
})

describeHomes('a registry that takes no unknown kind', (home) => {
  it('loads the images beside it', async () => {
    const document = jsonBytes({ schemaVersion: 2, mediaType: THING, x: 1 })
    const entries = [entryOf(document, 'u', THING), entryOf(image.manifest, '1')]
    const archive = ociArchive(entries, [...filesOf(image), blobFile(document)])
    const { images, passedOver } = await loadArchive(home().fresh(), archive)
    expect(images.map(({ tag }) => tag)).toContain('1')
    expect(images.length + passedOver.length).toBe(2)
  })
})

describe('the image cache', () => {
  const layout = useHome(openLayout)

  it('loads an image whose name can’t be a tag', async () => {
    const cache = createImageCache({ layout: layout().registry, registryFor: () => undefined })
    for (const name of ['1.0+b1', 'registry.example.com:5000/Foo:1']) {
      const loaded = await cache.imageLoad(ociArchive([entryOf(image.manifest, name)], filesOf(image)))
      expect(loaded).toMatchObject([{ digest: digestOf(image.manifest) }])
    }
    const saved = await cache.imageLoad(savedArchive([{ image, names: ['example.com/app:1'] }]))
    expect(await cache.findDescriptor('example.com/app:1')).toMatchObject({ digest: saved[0]?.digest })
  })
})

function schema1Of(layer: Buffer): Buffer {
  const unsigned = jsonBytes({
    schemaVersion: 1,
    name: 'elsewhere/app',
    tag: '1',
    architecture: 'amd64',
    fsLayers: [{ blobSum: digestOf(layer) }],
    history: [{ v1Compatibility: JSON.stringify({ id: '0'.repeat(64), architecture: 'amd64', os: 'linux' }) }],
  })
  return Buffer.from(signSchema1(unsigned))
}
