import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Digest, hexOf } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { describeBytes, documentOf, expectKind, imageFor, indexFor, pointerTo, tag } from '../contract/samples.ts'
import type { ManifestContent, Registry, Repository } from '../registry.ts'
import { createLayout } from './create-layout.ts'
import { createLayoutRegistry } from './layout-registry.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-access-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let path = ''
let count = 0
let registry: Registry
let secret: Repository
let own: Repository
/** An image of `secret` and what it names. */
let image: ManifestContent
let digest: Digest
let config: Digest
let layer: Digest
beforeEach(async () => {
  path = join(root, `home${++count}`)
  await createLayout(path)
  registry = createLayoutRegistry({ name: 'local', path })
  secret = registry.repository(parseRepositoryName('secret/app'))
  own = registry.repository(parseRepositoryName('team-a/x'))
  image = await imageFor(secret)
  digest = (await secret.putManifest(tag('1'), image)).digest
  const document = JSON.parse(Buffer.from(image.bytes).toString())
  config = document.config.digest
  layer = document.layers[0].digest
})
const absent = digestOf('nowhere')
const pointer = (mediaType: string, of: Digest) => ({ mediaType, digest: of, size: 42 })
const index = (manifests: readonly object[]) =>
  documentOf(MEDIA_TYPE.ociIndex, { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests })

/** What every way to read `of` answers, with the digest itself taken out, so that two can be compared. */
async function answers(repository: Repository, of: Digest): Promise<string[]> {
  const outcome = (promise: Promise<unknown>) => promise.then((value) => JSON.stringify(value ?? null), String)
  const all = await Promise.all([
    outcome(repository.statBlob(of)),
    outcome(repository.blob(of)),
    outcome(repository.blob(of, { range: { start: 0, end: 0 } })),
    outcome(repository.blobBytes(of)),
    outcome(repository.resolve(of)),
    outcome(repository.manifest(of)),
    outcome(repository.mountBlob(of, parseRepositoryName('team-a/y'))),
    outcome(repository.deleteBlob(of)),
    outcome(repository.deleteManifest(of, { expectTags: [] })),
  ])
  return all.map((text) => text.replaceAll(of, 'DIGEST'))
}

async function expectNothing(repository: Repository = own): Promise<void> {
  for (const of of [digest, config, layer])
    expect(await answers(repository, of)).toEqual(await answers(repository, absent))
}

describe('another repository’s content in the layout', () => {
  it('is answered like nonexistent content, though its digest is known', async () => {
    await expectNothing()
    await own.putManifest(tag('1'), await imageFor(own))
    await expectNothing()
  })

  it('isn’t reached through an index that names it', async () => {
    const list = index([pointer(MEDIA_TYPE.ociManifest, digest), pointer(MEDIA_TYPE.ociManifest, absent)])
    const { digest: root } = await own.putManifest(tag('1'), list)
    await expectNothing()
    await own.putManifest(tag('2'), index([pointer(MEDIA_TYPE.ociIndex, root)]))
    await expectNothing()
    await expectNothing(createLayoutRegistry({ name: 'again', path }).repository(own.name))
  })

  it('isn’t reached through an index after that was untagged, retagged, deleted or restored', async () => {
    const list = index([pointer(MEDIA_TYPE.ociManifest, digest)])
    const { digest: root } = await own.putManifest(tag('1'), list)
    await own.putManifest(tag('2'), await own.manifest(tag('1')))
    await own.deleteTag(tag('1'), { expect: root, strategy: 'tag-only' })
    await own.deleteTag(tag('2'), { expect: root, strategy: 'tag-only' })
    await expectNothing()
    await own.deleteManifest(root, { expectTags: [] })
    await own.putManifest(tag('1'), list)
    await expectNothing()
  })

  it('isn’t accepted as the layer or config of a manifest, any more than nonexistent content', async () => {
    const { bytes } = await imageFor(own)
    const mine = JSON.parse(Buffer.from(bytes).toString())
    const attempt = async (fields: object, of: Digest) =>
      own
        .putManifest(tag('1'), documentOf(MEDIA_TYPE.ociManifest, { ...mine, ...fields }))
        .then(String, ({ kind, message }) => `${kind} ${message}`.replaceAll(of, 'DIGEST').replace(/sha256:\w+/, ''))
    for (const [of, type] of [
      [layer, MEDIA_TYPE.ociLayerGzip],
      [digest, MEDIA_TYPE.ociLayerGzip],
    ] as const) {
      const refused = await attempt({ layers: [pointer(type, of)] }, of)
      expect(refused).toBe(await attempt({ layers: [pointer(type, absent)] }, absent))
      expect(refused).toContain('missing-content')
    }
    const refused = await attempt({ config: pointer(MEDIA_TYPE.ociConfig, config) }, config)
    expect(refused).toBe(await attempt({ config: pointer(MEDIA_TYPE.ociConfig, absent) }, absent))
    await expectNothing()
  })

  it.each<[string, () => object]>([
    ['an entry of an index that isn’t a manifest', () => index([pointer(MEDIA_TYPE.ociLayerGzip, layer)])],
    [
      'a foreign layer',
      () => {
        const foreign = { ...pointer(MEDIA_TYPE.dockerForeignLayerGzip, layer), urls: ['https://example.com/l'] }
        return documentOf(MEDIA_TYPE.ociManifest, {
          schemaVersion: 2,
          mediaType: MEDIA_TYPE.ociManifest,
          config: describeBytes(MEDIA_TYPE.ociConfig, Buffer.from('{}')),
          layers: [foreign],
        })
      },
    ],
    [
      'a document of an unknown kind',
      () => documentOf('application/vnd.example.v9+json', { mediaType: 'application/vnd.example.v9+json', of: layer }),
    ],
    [
      'the blob of an artifact',
      () =>
        documentOf(MEDIA_TYPE.ociArtifact, {
          mediaType: MEDIA_TYPE.ociArtifact,
          blobs: [pointer('text/plain', layer)],
        }),
    ],
    [
      'a subject',
      () =>
        documentOf(MEDIA_TYPE.ociIndex, {
          schemaVersion: 2,
          mediaType: MEDIA_TYPE.ociIndex,
          manifests: [],
          subject: pointer(MEDIA_TYPE.ociManifest, digest),
        }),
    ],
  ])('isn’t reached by naming it as %s', async (_, make) => {
    await own.putBlob(Buffer.from('{}'))
    await own.putManifest(tag('1'), make() as ManifestContent).catch(() => {})
    await expectNothing()
    await expectNothing(createLayoutRegistry({ name: 'again', path }).repository(own.name))
  })

  it('isn’t reached through a manifest that was sent as a blob and then named by an index', async () => {
    const forged = documentOf(MEDIA_TYPE.ociManifest, {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: pointer(MEDIA_TYPE.ociConfig, config),
      layers: [pointer(MEDIA_TYPE.ociLayerGzip, layer)],
    })
    await own.putBlob(forged.bytes)
    await own.putManifest(tag('1'), index([pointerTo(forged)]))
    await own.putManifest(tag('2'), await imageFor(own))
    await expectNothing()
  })

  it('is mounted only from a repository that has it', async () => {
    expect(await own.mountBlob(layer, parseRepositoryName('team-a/y'))).toBe(false)
    await expectNothing()
    expect(await own.mountBlob(layer, secret.name)).toBe(true)
    expect(await own.statBlob(layer)).toBeDefined()
    await expectKind(own.blobBytes(config), 'not-found')
  })

  it('becomes the repository’s own when its bytes are sent', async () => {
    const bytes = await secret.blobBytes(layer)
    await own.putBlob(bytes)
    expect(Buffer.from(await own.blobBytes(layer))).toEqual(Buffer.from(bytes))
    const again = createLayoutRegistry({ name: 'again', path }).repository(own.name)
    expect(await again.statBlob(layer)).toEqual({ size: bytes.byteLength })
    await own.putBlob(await secret.blobBytes(config))
    expect(await own.putManifest(tag('1'), image)).toMatchObject({ digest })
  })
})

describe('a repository’s content', () => {
  it('stays its own after its manifest was deleted, so that it can be restored', async () => {
    const list = await indexFor(own)
    const { digest: root } = await own.putManifest(tag('1'), list)
    await own.deleteManifest(root, { expectTags: [tag('1')] })
    const { digest: child } = JSON.parse(Buffer.from(list.bytes).toString()).manifests[0]
    const content = await own.manifest(child)
    await own.deleteManifest(child, { expectTags: [] })
    expect(await own.putManifest(tag('2'), content)).toMatchObject({ digest: child })
    expect(await own.putManifest(tag('1'), list)).toMatchObject({ digest: root })
    expect((await own.manifest(child)).digest).toBe(child)
  })

  it('includes what another tool wrote: the platforms of an index, even after its deletion', async () => {
    const list = await indexFor(own)
    await own.putManifest(tag('multi'), list)
    const folder = join(root, `copied${count}`)
    await run('skopeo', [
      'copy',
      '--all',
      '--insecure-policy',
      '-q',
      `oci:${path}:team-a/x:multi`,
      `oci:${folder}:multi`,
    ])
    const copied = createLayoutRegistry({ name: 'c', path: folder }).repository(parseRepositoryName(`copied${count}`))
    const manifest = await copied.manifest(tag('multi'))
    const child = manifest.kind === 'index' ? manifest.manifests[0]?.digest : undefined
    if (!child) throw new Error('no child')
    const image = await copied.manifest(child)
    if (image.kind !== 'oci-image') throw new Error(image.kind)
    expect(await copied.statBlob(image.config.digest)).toBeDefined()
    await copied.putManifest(tag('kept'), manifest)
    await copied.deleteTag(tag('multi'), { expect: manifest.digest, strategy: 'tag-only' })
    expect((await copied.manifest(child)).digest).toBe(child)
    await copied.deleteManifest(manifest.digest, { expectTags: [tag('kept')] })
    expect((await copied.manifest(child)).digest).toBe(child)
    await copied.putManifest(tag('multi'), manifest)
    expect(await copied.statBlob(image.config.digest)).toBeDefined()
  })

  it('doesn’t depend on Lading’s own folder: a copied layout without it reads the same', async () => {
    await own.putManifest(tag('1'), await imageFor(own))
    await rm(join(path, '.lading'), { recursive: true })
    const { digest: of } = await own.resolve(tag('1'))
    const manifest = await own.manifest(of)
    for (const blob of manifest.kind === 'oci-image' ? [manifest.config, ...manifest.layers] : [])
      expect(await own.statBlob(blob.digest)).toEqual({ size: blob.size })
  })

  it('isn’t lost with a damaged neighbour', async () => {
    await own.putManifest(tag('1'), await imageFor(own))
    const { digest: damaged } = await own.putManifest(tag('2'), await imageFor(own))
    await writeFile(join(path, 'blobs', 'sha256', hexOf(damaged)), randomBytes(8))
    const again = createLayoutRegistry({ name: 'again', path }).repository(own.name)
    const manifest = await again.manifest(tag('1'))
    for (const blob of manifest.kind === 'oci-image' ? manifest.layers : [])
      expect(await again.statBlob(blob.digest)).toBeDefined()
    expect(await readFile(join(path, 'index.json'), 'utf8')).not.toContain('dev.lading.pushed')
  })
})
