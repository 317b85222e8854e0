import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Digest, hexOf } from '../../oci/digest.ts'
import type { ImageManifest } from '../../oci/manifest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import type { Registry, Repository } from '../../registry/registry.ts'
import { putImage, tag } from '../testing/images.ts'
import { deleteImage } from './delete.ts'
import { previewDeletion } from './delete-preview.ts'

const root = await mkdtemp(join(tmpdir(), 'lading-damaged-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let path = ''
let count = 0
let registry: Registry
let app: Repository
beforeEach(async () => {
  path = join(root, `layout${++count}`)
  await createLayout(path)
  open()
})
/** Again after damage: what was read before it is known for good. */
function open(): void {
  registry = createLayoutRegistry({ name: 'local', path })
  app = registry.repository(parseRepositoryName('team/app'))
}
const fileOf = (digest: Digest) => join(path, 'blobs', 'sha256', hexOf(digest))

async function addEntry(entry: object): Promise<void> {
  const index = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'))
  await writeFile(join(path, 'index.json'), JSON.stringify({ ...index, manifests: [...index.manifests, entry] }))
}

describe('layers aren’t deleted while it is unknown what needs them:', () => {
  async function putOciImage(repository: Repository): Promise<ImageManifest> {
    const put = await putImage(repository, { tags: ['1'], layers: [Buffer.from('shared')] })
    if (put.kind !== 'oci-image') throw new Error(put.kind)
    return put
  }
  let image: ImageManifest
  let other: ImageManifest
  let layer: Digest
  let prod: Repository
  beforeEach(async () => {
    prod = registry.repository(parseRepositoryName('team/prod'))
    image = await putOciImage(app)
    other = await putOciImage(prod)
    layer = image.layers[0]?.digest ?? image.digest
  })

  const named = (name: string) => ({ annotations: { 'org.opencontainers.image.ref.name': name } })

  it.each<[string, () => Promise<void>]>([
    ['a manifest is damaged', () => writeFile(fileOf(other.digest), '{}')],
    ['an entry of the index cannot be read', () => addEntry({ mediaType: 'application/json', size: 3 })],
  ])('%s', async (_, damage) => {
    await damage()
    open()
    const deletion = deleteImage(app, image.digest, { expectTags: [tag('1')], layers: 'delete-unneeded' })
    await expect(deletion).rejects.toMatchObject({ kind: 'unsupported' })
    expect((await app.resolve(tag('1'))).digest).toBe(image.digest)
    await expect(app.deleteBlob(layer)).rejects.toMatchObject({ kind: 'unsupported' })
    expect((await previewDeletion(app, { digest: image.digest })).unneededBlobs).toBeUndefined()
    expect(await app.statBlob(layer)).toBeDefined()
    // Without them the image goes as ever.
    expect(await deleteImage(app, image.digest, { expectTags: [tag('1')] })).toMatchObject({ verified: true })
  })

  it.each<[string, () => readonly [string, Uint8Array]]>([
    [
      'that is not what its entry says',
      () => ['application/vnd.docker.distribution.manifest.v2+json', Buffer.concat([image.bytes, Buffer.from(' ')])],
    ],
    [
      'of an unknown kind',
      () => {
        const mediaType = 'application/vnd.example.manifest.v9+json'
        return [mediaType, Buffer.from(JSON.stringify({ mediaType, parts: image.layers.map(({ digest }) => digest) }))]
      },
    ],
  ])('but a manifest %s needs what it names', async (_, make) => {
    await prod.deleteManifest(other.digest, { expectTags: [tag('1')] })
    const [mediaType, bytes] = make()
    const stranger = await app.putBlob(bytes)
    await addEntry({ mediaType, ...stranger, ...named('team/stranger:1') })
    const { blobs } = await deleteImage(app, image.digest, { expectTags: [tag('1')], layers: 'delete-unneeded' })
    expect(blobs.find(({ descriptor }) => descriptor.digest === layer)).toMatchObject({ outcome: 'kept' })
    expect(await app.statBlob(layer)).toBeDefined()
  })

  it('but non-manifests and missing ones don’t block anything', async () => {
    const xml = await app.putBlob(Buffer.from('<note/>'))
    await addEntry({ mediaType: 'application/xml', ...xml, ...named('team/notes:1') })
    await rm(fileOf(other.digest))
    open()
    const { blobs } = await deleteImage(app, image.digest, { expectTags: [tag('1')], layers: 'delete-unneeded' })
    expect(blobs.map(({ outcome }) => outcome)).toEqual(['deleted', 'deleted'])
    await expect(app.deleteBlob(xml.digest)).rejects.toMatchObject({ kind: 'conflict' })
  })
})
