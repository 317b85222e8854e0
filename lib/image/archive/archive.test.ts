import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { encodeTarHeader, tarPadding } from '../../oci/encode-tar-header.ts'
import { isAttestation } from '../../oci/platform.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'
import { collect } from '../../registry/listing.ts'
import type { Repository } from '../../registry/registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { flatten } from '../flatten/flatten.ts'

import { readTar } from '../tar/read-tar.ts'

import { loadArchive } from './load-archive.ts'
import { writeDockerArchive, writeOciArchive } from './write-archive.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-archive-'))
const samples = join(root, 'samples')
const skopeoCopy = (...args: string[]) => run('skopeo', ['copy', '-q', '--insecure-policy', ...args])
const tag = parseTag
beforeAll(() => writeSamples(samples))
afterAll(() => rm(root, { recursive: true, force: true }))

const sample = (name: string) =>
  createLayoutRegistry({ name: 'local', path: samples }).repository(parseRepositoryName(`samples/${name}`))

let target: Repository
let count = 0
beforeEach(async () => {
  const path = join(root, `target${++count}`)
  await createLayout(path)
  target = createLayoutRegistry({ name: 'target', path }).repository(parseRepositoryName('team/app'))
})

describe('writing', () => {
  it.each([
    ['web/storefront', '1.4.2'],
    ['web/checkout/api', 'latest'],
    ['platform/tools/ladle', '3'],
    ['charts/storefront', '0.4.0'],
  ])(
    'an OCI archive of %s has the size that was announced, and comes back as the same bytes',
    async (name, version) => {
      const archive = await writeOciArchive(sample(name), tag(version))
      const tar = await buffer(archive.stream)
      expect(tar).toHaveLength(archive.size)
      const {
        images: [loaded],
      } = await loadArchive(target, Readable.from([tar]))
      const original = await sample(name).resolve(tag(version))
      expect(loaded).toMatchObject({ ...original, digest: archive.digest, tag: version, missing: [] })
      expect(await target.resolve(tag(version))).toEqual(original)
    },
  )

  it('skopeo reads an OCI archive, the whole index and all', async () => {
    const file = join(root, 'oci.tar')
    await writeFile(file, (await writeOciArchive(sample('web/storefront'), tag('1.4.2'))).stream)
    const copied = join(root, 'from-oci')
    await skopeoCopy('--all', `oci-archive:${file}`, `oci:${copied}:1`)
    const index = JSON.parse(await readFile(join(copied, 'index.json'), 'utf8'))
    expect(index.manifests[0].digest).toBe((await sample('web/storefront').resolve(tag('1.4.2'))).digest)
  })

  it('an OCI archive of one platform is that image with its own digest, which skopeo takes anywhere', async () => {
    const source = sample('web/storefront')
    const platforms = [{ os: 'linux', architecture: 'arm64', variant: 'v8' }]
    const archive = await writeOciArchive(source, tag('1.4.2'), { platforms })
    expect((await source.manifest(archive.digest)).kind).toBe('oci-image')
    const file = join(root, `one-${count}.tar`)
    await writeFile(file, archive.stream)
    const { stdout } = await run('skopeo', ['inspect', `oci-archive:${file}`])
    expect(JSON.parse(stdout)).toMatchObject({ Digest: archive.digest, Architecture: 'arm64' })
  })

  it('an OCI archive of some platforms contains only those', async () => {
    const platforms = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }))
    const archive = await writeOciArchive(sample('web/storefront'), tag('1.4.2'), { platforms })
    const {
      images: [loaded],
    } = await loadArchive(target, archive.stream)
    expect(loaded?.digest).toBe(archive.digest)
    const manifest = await target.manifest(tag('1.4.2'))
    expect(
      manifest.kind === 'index' &&
        manifest.manifests.flatMap((child) => (isAttestation(child) ? [] : (child.platform?.architecture ?? []))),
    ).toEqual(['amd64', 'arm64'])
  })

  it.each([
    ['web/storefront', '1.4.2'],
    ['web/checkout/api', '0.9.1'],
  ])('skopeo reads a docker archive of %s', async (name, version) => {
    const file = join(root, `docker-${count}.tar`)
    const archive = await writeDockerArchive(sample(name), tag(version), { name: `example.com/${name}:${version}` })
    await writeFile(file, archive.stream)
    const { stdout } = await run('skopeo', ['inspect', `docker-archive:${file}`])
    expect(JSON.parse(stdout).Labels['org.opencontainers.image.version']).toBe(version)
    const copied = join(root, `from-docker-${count}`)
    await skopeoCopy(`docker-archive:${file}`, `oci:${copied}:1`)
    const {
      images: [loaded],
    } = await loadArchive(target, createReadStream(file))
    expect(loaded).toMatchObject({ name: `example.com/${name}:${version}`, digest: archive.digest })
  })

  it('a docker archive explains what it can’t represent', async () => {
    await expect(writeDockerArchive(sample('charts/storefront'), tag('0.4.0'))).rejects.toMatchObject({
      kind: 'unsupported',
    })
    const platform = { os: 'windows', architecture: 'amd64' }
    await expect(writeDockerArchive(sample('web/storefront'), tag('1.4.2'), { platform })).rejects.toMatchObject({
      kind: 'not-found',
    })
  })

  it('stops at a wrong blob', async () => {
    const path = join(root, 'broken')
    await writeSamples(path)
    const broken = createLayoutRegistry({ name: 'b', path }).repository(parseRepositoryName('samples/web/checkout/api'))
    const manifest = await broken.manifest(tag('latest'))
    const layer = manifest.kind === 'schema2' ? manifest.layers[0] : undefined
    if (!layer) throw new Error('no layer')
    await writeFile(join(path, 'blobs', layer.digest.replace(':', '/')), Buffer.alloc(layer.size))
    const { stream } = await writeOciArchive(broken, tag('latest'))
    await expect(buffer(stream)).rejects.toMatchObject({ kind: 'digest-mismatch' })
  })
})

describe('loading', () => {
  it.each(['docker-archive', 'oci-archive'])('takes what skopeo writes as %s, plain and gzip', async (transport) => {
    const file = join(root, `${transport}-${count}.tar`)
    await skopeoCopy(`oci:${samples}:samples/web/storefront:1.0.0`, `${transport}:${file}:example.com/app:7`)
    for (const packed of [await readFile(file), gzipSync(await readFile(file))]) {
      const {
        images: [loaded],
      } = await loadArchive(target, Readable.from([packed]), { overwrite: true })
      expect(loaded).toMatchObject({ tag: '7', missing: [] })
      const manifest = await target.manifest(tag('7'))
      if (manifest.kind !== 'oci-image') throw new Error(manifest.kind)
      const { rootfs } = JSON.parse(Buffer.from(await target.blobBytes(manifest.config.digest)).toString())
      expect(rootfs.diff_ids).toHaveLength(manifest.layers.length)
      const whole = await writeDockerArchive(target, tag('7'))
      expect(await buffer(whole.stream)).toHaveLength(whole.size)
    }
  })

  it('accepts the files of an archive in any order', async () => {
    const files = await filesOf(
      await buffer((await writeOciArchive(sample('platform/tools/ladle'), tag('3.2.0'))).stream),
    )
    const { digest } = await sample('platform/tools/ladle').resolve(tag('3.2.0'))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(files, { minLength: files.length }), async (shuffled) => {
        const {
          images: [loaded],
        } = await loadArchive(target, Readable.from([tarOf(shuffled)]))
        expect(loaded?.digest).toBe(digest)
      }),
      { numRuns: 15 },
    )
  })

  it('accepts links between layers, as older docker save wrote them', async () => {
    const layer = tarOf([['hello', Buffer.from('hi')]])
    const diffId = digestOf(layer)
    const config = Buffer.from(
      JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [diffId, diffId] } }),
    )
    const hex = digestOf(config).slice(7)
    const saved = [{ Config: `${hex}.json`, RepoTags: ['app:1', 'app:2'], Layers: ['a/layer.tar', 'b/layer.tar'] }]
    const link = encodeTarHeader({ path: 'b/layer.tar', type: 'symlink', linkPath: '../a/layer.tar' })
    const files: [string, Buffer][] = [
      [`${hex}.json`, config],
      ['a/layer.tar', layer],
      ['manifest.json', Buffer.from(JSON.stringify(saved))],
    ]
    const { images: loaded } = await loadArchive(target, Readable.from([Buffer.concat([link, tarOf(files)])]))
    expect(loaded.map((image) => image.tag)).toEqual(['1', '2'])
    const manifest = await target.manifest(tag('1'))
    expect(manifest.kind === 'oci-image' && manifest.layers.map((each) => each.digest)).toEqual([diffId, diffId])
  })

  it('puts images under their names', async () => {
    const archive = await writeOciArchive(sample('web/checkout/api'), tag('latest'), {
      name: 'docker.io/library/api:9',
    })
    const other = target.registry.repository(parseRepositoryName('library/api'))
    const {
      images: [loaded],
    } = await loadArchive(target, archive.stream, {
      place: (name) => ({ repository: other, tag: tag(name?.split(':').at(-1) ?? 'none') }),
    })
    expect(loaded).toMatchObject({ tag: '9', name: 'docker.io/library/api:9' })
    expect((await collect(target.tags())).items).toEqual([])
    expect((await other.resolve(tag('9'))).digest).toBe(archive.digest)
  })

  it('moves no tag without permission, and names nothing before all has been read', async () => {
    const load = async (version: string, overwrite = false) =>
      loadArchive(target, (await writeOciArchive(sample('web/checkout/api'), tag(version), { name: 'x:1' })).stream, {
        overwrite,
      })
    await load('0.9.1')
    await load('0.9.1')
    await expect(load('0.8.0')).rejects.toMatchObject({ kind: 'exists' })
    await load('0.8.0', true)
    expect(await target.resolve(tag('1'))).toEqual(await sample('web/checkout/api').resolve(tag('0.8.0')))
  })

  it('keeps an index that the archive has only in part, and says what is missing', async () => {
    const tar = await buffer((await writeOciArchive(sample('platform/base'), tag('2026.08'))).stream)
    const index = await sample('platform/base').manifest(tag('2026.08'))
    const absent = index.kind === 'index' ? index.manifests[2]?.digest : undefined
    const files = (await filesOf(tar)).filter(([path]) => !absent || !path.endsWith(absent.slice(7)))
    const {
      images: [loaded],
    } = await loadArchive(target, Readable.from([tarOf(files)]))
    expect(loaded).toMatchObject({ digest: index.digest, missing: [absent] })
  })

  it.each([
    ['isn’t an image archive', async () => tarOf([['a', Buffer.from('b')]]), { code: 'archive' }],
    ['isn’t a tar archive', async () => Buffer.from('x'.repeat(2000)), { code: 'tar' }],
    ['is cut short', async () => (await sampleTar()).subarray(0, 30_000), { code: 'tar' }],
    [
      'has wrong bytes for a digest',
      async () => changed('blobs/sha256/', (bytes) => Buffer.concat([bytes, Buffer.from(' ')])),
      { kind: 'digest-mismatch' },
    ],
    ['lacks a layer', async () => without((bytes) => bytes.length > 10_000), { kind: 'missing-content' }],
    ['lacks its manifest', async () => without((bytes) => bytes.includes('"layers"')), { kind: 'missing-content' }],
    ['names an invalid digest', async () => tarOf([['blobs/sha256/abc', Buffer.from('x')]]), { code: 'archive' }],
    ['has an invalid index', async () => tarOf([['index.json', Buffer.from('{"manifests":7}')]]), { code: 'archive' }],
  ] as const)('refuses what %s, and names nothing', async (_name, make, error) => {
    await expect(loadArchive(target, Readable.from([await make()]))).rejects.toMatchObject(error)
    expect((await collect(target.tags())).items).toEqual([])
  })

  it('stops at a bomb', async () => {
    const size = 30_000_000
    const bomb = gzipSync(
      Buffer.concat([
        encodeTarHeader({ path: 'layer.tar', type: 'file', size }),
        Buffer.alloc(size + tarPadding(size)),
      ]),
    )
    await expect(loadArchive(target, Readable.from([bomb]), { limits: { maxBytes: 1_000_000 } })).rejects.toMatchObject(
      {
        kind: 'too-large',
      },
    )
  })

  const sampleTar = async () => buffer((await writeOciArchive(sample('web/checkout/api'), tag('latest'))).stream)
  const changed = async (prefix: string, change: (bytes: Buffer) => Buffer) =>
    tarOf(
      (await filesOf(await sampleTar())).map(([path, bytes]) => [
        path,
        path.startsWith(prefix) ? change(bytes) : bytes,
      ]),
    )
  const without = async (drop: (bytes: Buffer) => boolean) =>
    tarOf((await filesOf(await sampleTar())).filter(([path, bytes]) => !path.startsWith('blobs/') || !drop(bytes)))
})

describe('a real registry', () => {
  let server: DockerRegistry
  beforeAll(async () => {
    server = await startDockerRegistry()
  })
  afterAll(() => server.stop())
  const there = (name: string) =>
    createHttpRegistry({ name: 'remote', url: server.url }).repository(parseRepositoryName(name))

  it('accepts what is loaded and produces archives and file systems from it', async () => {
    const original = await writeOciArchive(sample('web/storefront'), tag('1.4.2'))
    await loadArchive(there('web/shop'), original.stream)
    const again = await writeOciArchive(there('web/shop'), tag('1.4.2'), { name: 'samples/web/storefront:1.4.2' })
    expect(await buffer(again.stream)).toEqual(
      await buffer((await writeOciArchive(sample('web/storefront'), tag('1.4.2'))).stream),
    )
    const [here, away] = await Promise.all(
      [sample('web/storefront'), there('web/shop')].map(async (repository) => {
        return buffer((await flatten(repository, tag('1.4.2'))).stream)
      }),
    )
    expect(here?.equals(away ?? Buffer.alloc(0))).toBe(true)
  })

  it('accepts what docker save wrote, whose digests aren’t known beforehand', async () => {
    const file = join(root, 'to-registry.tar')
    await skopeoCopy(`oci:${samples}:samples/web/storefront:1.0.0`, `docker-archive:${file}:example.com/app:7`)
    const {
      images: [loaded],
    } = await loadArchive(there('saved/app'), createReadStream(file))
    const { stdout } = await run('skopeo', ['inspect', '--tls-verify=false', `docker://${server.host}/saved/app:7`])
    expect(JSON.parse(stdout)).toMatchObject({ Digest: loaded?.digest, Architecture: 'amd64' })
  })

  it('that insists on every platform gets an index of those in the archive', async () => {
    const index = await sample('platform/base').manifest(tag('2026.08'))
    const [first, , absent] = index.kind === 'index' ? index.manifests.map(({ digest }) => digest) : []
    const tar = await buffer((await writeOciArchive(sample('platform/base'), tag('2026.08'))).stream)
    const files = (await filesOf(tar)).filter(([path]) => !absent || !path.endsWith(absent.slice(7)))
    const {
      images: [loaded],
    } = await loadArchive(there('part/base'), Readable.from([tarOf(files)]))
    expect(loaded?.missing).toEqual([absent])
    const stored = await there('part/base').manifest(tag('2026.08'))
    expect(stored.digest).toBe(loaded?.digest)
    expect(stored.kind === 'index' && stored.manifests.map(({ digest }) => digest)).toHaveLength(2)
    expect(stored.kind === 'index' && stored.manifests[0]?.digest).toBe(first)
  })
})

describe('umoci', () => {
  it('unpacks what was archived', async () => {
    const folder = join(root, 'unpacked')
    await mkdir(folder)
    const file = join(root, 'umoci.tar')
    await writeFile(
      file,
      (await writeDockerArchive(sample('web/storefront'), tag('1.4.2'), { name: 'example.com/shop:5' })).stream,
    )
    await run('tar', ['xf', file, '-C', folder])
    await run('umoci', ['unpack', '--rootless', '--image', `${folder}:5`, join(root, 'bundle')])
    expect(await readFile(join(root, 'bundle/rootfs/app/package.json'), 'utf8')).toContain('1.4.2')
  })
})

async function filesOf(tar: Buffer): Promise<[string, Buffer][]> {
  const files: [string, Buffer][] = []
  for await (const { entry, body } of readTar(Readable.from([tar]))) {
    const parts: Uint8Array[] = []
    for await (const part of body) parts.push(part)
    files.push([entry.path, Buffer.concat(parts)])
  }
  return files
}

function tarOf(files: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = files.flatMap(([path, bytes]) => [
    encodeTarHeader({ path, type: 'file', size: bytes.length }),
    bytes,
    Buffer.alloc(tarPadding(bytes.length)),
  ])
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}
