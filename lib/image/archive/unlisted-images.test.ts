import { describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { openLayout, useHome } from '../testing/homes.ts'
import { tag } from '../testing/images.ts'
import { blobFile, entryOf, filesOf, jsonBytes, madeImage, ociArchive } from '../testing/made-archives.ts'
import { archiveStream } from './archive-stream.ts'
import { loadArchive } from './load-archive.ts'

const [one, two] = [madeImage('one'), madeImage('two')]
const document = (path: string, value: unknown) => {
  const content = jsonBytes(value as object)
  return { path, size: content.length, content }
}
const path = (bytes: Buffer) => `blobs/sha256/${digestOf(bytes).slice(7)}`
const saved = (image: typeof one, names: readonly string[] | null) => ({
  Config: path(image.config),
  RepoTags: names,
  Layers: [path(image.layer)],
})

/** As Docker 25 and later write it: both an OCI layout and the older list. */
function dockerArchive(index: object, entries: readonly object[]) {
  return archiveStream([
    document('oci-layout', { imageLayoutVersion: '1.0.0' }),
    document('index.json', index),
    document('manifest.json', entries),
    ...[one, two].flatMap(({ config, layer }) => [blobFile(config), blobFile(layer)]),
  ])
}

describe('an archive of docker save whose index.json', () => {
  const layout = useHome(openLayout)

  it.each([
    ['has null', { schemaVersion: 2, manifests: null }],
    ['lists nothing', { schemaVersion: 2, manifests: [] }],
    ['has no list', { schemaVersion: 2 }],
  ])('%s is loaded by its manifest.json', async (_, index) => {
    const repository = layout().fresh()
    const { images } = await loadArchive(repository, dockerArchive(index, [saved(one, ['app:1']), saved(two, null)]))
    expect(images).toMatchObject([{ tag: '1' }, { digest: images[1]?.digest }])
    expect(images[1]).not.toHaveProperty('tag')
    const manifest = await repository.manifest(tag('1'))
    expect(manifest.kind === 'oci-image' && manifest.config.digest).toBe(digestOf(one.config))
  })

  it('lists fewer images than manifest.json is ignored in favour of that', async () => {
    const repository = layout().fresh()
    const index = { schemaVersion: 2, manifests: [entryOf(one.manifest, '1')] }
    const archive = archiveStream([
      document('index.json', index),
      document('manifest.json', [saved(one, ['app:1']), saved(two, ['app:2'])]),
      ...[one, two].flatMap(filesOf),
    ])
    const { images } = await loadArchive(repository, archive)
    expect(images.map((image) => image.tag)).toEqual(['1', '2'])
  })
})

describe('loading nothing is never a success:', () => {
  const layout = useHome(openLayout)

  it('an archive that lists no image is refused', async () => {
    await expect(loadArchive(layout().fresh(), ociArchive([], []))).rejects.toMatchObject({ code: 'archive' })
  })

  it('an archive that lists no images is refused, with the reason', async () => {
    const note = Buffer.from('a note')
    const archive = ociArchive([entryOf(note, 'n', 'text/plain')], [blobFile(note)])
    await expect(loadArchive(layout().fresh(), archive)).rejects.toMatchObject({
      code: 'archive',
      message: expect.stringContaining('text/plain'),
    })
  })
})
