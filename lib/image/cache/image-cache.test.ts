import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { blobDigests } from '../../oci/blob-digests.ts'
import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { digestOf } from '../../oci/digester.ts'
import type { Platform } from '../../oci/platform.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'
import type { Registry } from '../../registry/registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { writeOciArchive } from '../archive/write-archive.ts'
import { copyImage } from '../copy/copy.ts'
import { resolvePlatform } from '../platform/resolve-platform.ts'
import { createImageCache, type ImageCache } from './image-cache.ts'
import { createPackageResolver } from './package-resolver.ts'

const run = promisify(execFile)
const root = await mkdtemp(join(tmpdir(), 'lading-cache-'))
const ARM64 = { os: 'linux', architecture: 'arm64' }
const AMD64 = { os: 'linux', architecture: 'amd64' }

let server: DockerRegistry
/** Counts what is asked of the server. */
let proxy: FaultProxy
let remote: Registry
const samples = createLayoutRegistry({ name: 'samples', path: join(root, 'samples') })
const sample = (name: string) => samples.repository(parseRepositoryName(`samples/${name}`))
beforeAll(async () => {
  server = await startDockerRegistry()
  proxy = await startFaultProxy(server.url)
  remote = createHttpRegistry({ name: 'remote', url: proxy.url })
  await writeSamples(samples.location)
  const shop = remote.repository(parseRepositoryName('web/shop'))
  for (const [from, to] of [
    ['1.4.2', '1.4.2'],
    ['1.0.0', '1.0.0'],
  ] as const)
    await copyImage(
      { repository: sample('web/storefront'), reference: parseTag(from) },
      { repository: shop, reference: parseTag(to) },
    )
})
afterAll(async () => {
  await proxy.stop()
  await server.stop()
  await rm(root, { recursive: true, force: true })
})

let cache: ImageCache
let path = ''
let count = 0
let asked = 0
beforeEach(async () => {
  path = join(root, `cache${++count}`)
  await createLayout(path)
  asked = 0
  const registryFor = (host: string) => {
    asked++
    return host === server.host ? remote : undefined
  }
  cache = createImageCache({ layout: createLayoutRegistry({ name: 'cache', path }), registryFor })
})
const shop = (tag = '1.4.2') => `${server.host}/web/shop:${tag}`
const blobCount = async () => (await readdir(join(path, 'blobs/sha256'))).length
const original = () => sample('web/storefront').resolve(parseTag('1.4.2'))

describe('pulling', () => {
  it('fetches one platform, keeps the index as it is, and asks no registry for what is there', async () => {
    expect(await cache.findDescriptor(shop())).toBeNull()
    expect(await cache.imageInCache(shop())).toBe(false)
    const source = await cache.imagePull(shop(), { platform: ARM64 })
    expect(await cache.findDescriptor(shop())).toEqual(await original())
    expect(await source.config()).toMatchObject({ architecture: 'arm64' })
    expect([
      await cache.imageInCache(shop(), { platform: ARM64 }),
      await cache.imageInCache(shop(), { platform: AMD64 }),
    ]).toEqual([true, false])
    asked = 0
    await cache.imagePull(shop(), { platform: ARM64 })
    expect(asked).toBe(0)
    await cache.imagePull(shop(), { platform: ARM64, alwaysPull: true })
    expect(asked).toBe(1)
    const before = await blobCount()
    await cache.imagePull(shop(), { platform: AMD64 })
    expect(await cache.imageInCache(shop(), { platform: AMD64 })).toBe(true)
    expect(await blobCount()).toBeGreaterThan(before)
  })

  it.each(['layer', 'config'] as const)(
    'finds an image that has lost its %s incomplete, and fetches only that',
    async (lost) => {
      await cache.imagePull(shop())
      const whole = await readdir(join(path, 'blobs/sha256'))
      const index = await sample('web/storefront').manifest(parseTag('1.4.2'))
      const image = await resolvePlatform(sample('web/storefront'), index, AMD64)
      if (image.kind !== 'oci-image') throw new Error(image.kind)
      const { digest } = lost === 'layer' ? (image.layers[1] ?? image.config) : image.config
      await rm(join(path, 'blobs', digest.replace(':', '/')))
      expect(await cache.imageInCache(shop())).toBe(false)
      expect(await cache.imageInCache(shop(), { platform: AMD64 })).toBe(false)
      const [all, that] = [proxy.count('GET', '/blobs/'), proxy.count('GET', `/blobs/${digest}`)]
      await cache.imagePull(shop())
      expect(await readdir(join(path, 'blobs/sha256'))).toEqual(whole)
      expect([proxy.count('GET', '/blobs/') - all, proxy.count('GET', `/blobs/${digest}`) - that]).toEqual([1, 1])
    },
  )

  it('fetches each blob once, and of another platform only what the cache lacks', async () => {
    const index = await sample('web/storefront').manifest(parseTag('1.4.2'))
    const blobsOf = async (platform: Platform) =>
      blobDigests(await resolvePlatform(sample('web/storefront'), index, platform))
    const [amd64, arm64] = [await blobsOf(AMD64), await blobsOf(ARM64)]
    const own = arm64.filter((digest) => !amd64.includes(digest))
    expect(own.length).toBeLessThan(arm64.length)
    const fetchedBy = async (pull: () => Promise<unknown>) => {
      const count = (digest: Digest) => proxy.count('GET', `/blobs/${digest}`)
      const before = new Map([...amd64, ...arm64].map((digest) => [digest, count(digest)]))
      await pull()
      return [...before].flatMap(([digest, times]) => Array<Digest>(count(digest) - times).fill(digest))
    }
    expect(await fetchedBy(() => cache.imagePull(shop()))).toEqual(amd64)
    expect(await fetchedBy(() => cache.imagePull(shop(), { alwaysPull: true }))).toEqual([])
    expect(await fetchedBy(() => cache.imagePull(shop(), { platform: ARM64 }))).toEqual(own)
  })

  it('names the platform that an image doesn’t have', async () => {
    const platform = { os: 'windows', architecture: 'amd64' }
    await expect(cache.imagePull(shop(), { platform })).rejects.toThrow(/windows\/amd64.*linux\/amd64/)
    expect(await cache.findDescriptor(shop())).toBeNull()
  })

  it('accepts only the trusted digest', async () => {
    const { digest } = await original()
    await cache.imagePull(shop(), { trustedRef: `${server.host}/web/shop@${digest}` })
    expect(await cache.imageInCache(shop(), { trustedRef: digest })).toBe(true)
    const other = (await sample('web/storefront').resolve(parseTag('1.0.0'))).digest
    expect(await cache.imageInCache(shop(), { trustedRef: other })).toBe(false)
    await expect(cache.imagePull(shop(), { trustedRef: digestOf('another') })).rejects.toMatchObject({
      kind: 'not-found',
    })
    expect((await cache.findDescriptor(shop()))?.digest).toBe(digest)
    await expect(cache.imagePull(shop(), { trustedRef: 'latest' })).rejects.toMatchObject({ code: 'reference' })
  })

  it('distinguishes a missing image from a registry that can’t say', async () => {
    expect(await cache.imageInRegistry(shop())).toBe(true)
    expect(await cache.imageInRegistry(shop(), { platform: ARM64 })).toBe(true)
    expect(await cache.imageInRegistry(shop(), { platform: { os: 'linux', architecture: 's390x' } })).toBe(false)
    expect(await cache.imageInRegistry(shop('none'))).toBe(false)
    await expect(cache.imageInRegistry('alpine')).rejects.toMatchObject({ kind: 'unreachable' })
    const down = createHttpRegistry({ name: 'down', url: 'http://127.0.0.1:9' })
    const blind = createImageCache({ layout: createLayoutRegistry({ name: 'c', path }), registryFor: () => down })
    await expect(blind.imageInRegistry(shop())).rejects.toMatchObject({ kind: 'unreachable' })
  })
})

describe('names', () => {
  it('are what the command line takes, and a digest beats a tag', async () => {
    const { digest } = await original()
    await cache.imageLoad(
      (await writeOciArchive(sample('web/storefront'), parseTag('1.4.2'), { name: 'docker.io/library/alpine:latest' }))
        .stream,
    )
    expect((await cache.findDescriptor('alpine'))?.digest).toBe(digest)
    expect((await cache.findDescriptor(`alpine:none@${digest}`))?.digest).toBe(digest)
    expect(await cache.findDescriptor(`alpine:latest@${digestOf('x')}`)).toBeNull()
  })

  it('are given to cached images, and replace the previous holder', async () => {
    const [first, second = first] = await load('1.4.2', '1.0.0')
    await cache.descriptorWrite('team/app:1', first)
    await cache.descriptorWrite('team/app:1', second)
    expect((await cache.findDescriptor('team/app:1'))?.digest).toBe(second.digest)
    await expect(cache.descriptorWrite(`team/app@${first.digest}`, first)).rejects.toMatchObject({ code: 'reference' })
    await expect(cache.descriptorWrite('team/app:1', { ...first, digest: digestOf('no') })).rejects.toMatchObject({
      kind: 'missing-content',
    })
  })
})

describe('writing an index', () => {
  it('creates one, then adds to it, even when two write at once', async () => {
    const [index] = await load('1.4.2')
    const repository = createLayoutRegistry({ name: 'c', path }).repository(
      parseRepositoryName('docker.io/library/loaded'),
    )
    const manifest = await repository.manifest(index.digest)
    const children = manifest.kind === 'index' ? manifest.manifests : []
    await Promise.all(children.map((child) => cache.indexWrite('team/app:2', [child])))
    const written = await createLayoutRegistry({ name: 'c', path })
      .repository(parseRepositoryName('docker.io/team/app'))
      .manifest(parseTag('2'))
    expect(written.kind === 'index' && written.manifests.map(({ digest }) => digest).toSorted()).toEqual(
      children.map(({ digest }) => digest).toSorted(),
    )
    expect(await cache.newSource('team/app:2', { platform: ARM64 }).config()).toMatchObject({ architecture: 'arm64' })
  })
})

describe('pushing', () => {
  const target = (tag: string) => `${server.host}/pushed/app${count}:${tag}`

  it('happens once, and is refused where another image has the name', async () => {
    await load('1.4.2', '1.0.0')
    expect(await cache.push('loaded:1.4.2', target('1'))).toMatchObject({
      outcome: 'pushed',
      digest: (await original()).digest,
    })
    expect(await cache.push('loaded:1.4.2', target('1'))).toMatchObject({ outcome: 'unchanged' })
    await expect(cache.push('loaded:1.0.0', target('1'))).rejects.toMatchObject({ kind: 'exists' })
    expect(await cache.push('loaded:1.0.0', target('1'), { override: true })).toMatchObject({ outcome: 'pushed' })
  })

  it('merges platforms into the existing index, and replaces none without permission', async () => {
    const [index] = await load('1.4.2', '1.0.0')
    const repository = createLayoutRegistry({ name: 'c', path }).repository(
      parseRepositoryName('docker.io/library/loaded'),
    )
    const children = async (digest: Descriptor['digest']) => {
      const manifest = await repository.manifest(digest)
      return manifest.kind === 'index' ? manifest.manifests : []
    }
    const [amd, arm] = await children(index.digest)
    if (!amd || !arm) throw new Error('no children')
    await cache.descriptorWrite('one:amd', amd)
    await cache.descriptorWrite('one:arm', arm)
    expect(await cache.push('one:amd', target('m'), { withManifest: true })).toMatchObject({ outcome: 'pushed' })
    expect(await cache.push('one:arm', target('m'), { withManifest: true })).toMatchObject({ outcome: 'merged' })
    expect(await cache.push('one:arm', target('m'), { withManifest: true })).toMatchObject({ outcome: 'unchanged' })
    const [other] = await children((await sample('web/storefront').resolve(parseTag('1.0.0'))).digest)
    if (!other) throw new Error('no child')
    await cache.descriptorWrite('one:other', other)
    await expect(cache.push('one:other', target('m'), { withManifest: true })).rejects.toMatchObject({
      kind: 'exists',
      found: amd.digest,
    })
    expect(await cache.push('one:other', target('m'), { withManifest: true, override: true })).toMatchObject({
      outcome: 'merged',
    })
    const { stdout } = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${target('m')}`])
    expect(
      JSON.parse(stdout)
        .manifests.map((each: Descriptor) => each.digest)
        .toSorted(),
    ).toEqual([other.digest, arm.digest].toSorted())
  })
})

describe('a source', () => {
  it('provides config, file system, archives and SBOMs', async () => {
    const source = await cache.imagePull(shop())
    expect((await source.descriptor()).digest).toBe((await original()).digest)
    expect((await source.config()).labels.get('org.opencontainers.image.version')).toBe('1.4.2')
    const tar = join(root, 'rootfs.tar')
    await writeFile(tar, await source.tarReader())
    expect((await run('tar', ['xOf', tar, 'app/package.json'])).stdout).toContain('"1.4.2"')
    for (const archive of [await source.v1TarReader('example.com/x:1'), await source.ociTarReader('example.com/x:1')]) {
      const bytes = await buffer(archive.stream)
      expect(bytes).toHaveLength(archive.size)
      expect(bytes.includes('"example.com/x:1"')).toBe(true)
    }
    const sboms = await source.sboms()
    expect(sboms.map(({ format, contents }) => [format, contents?.packages.length])).toEqual([['spdx', 4]])
  })

  it('is available by digest: content is checked when written', async () => {
    const { digest } = await cache.store().write(Buffer.from('content'))
    expect((await buffer((await cache.getContent(digest)).stream)).toString()).toBe('content')
    await expect(cache.store().write(Buffer.from('x'), { digest })).rejects.toMatchObject({ kind: 'digest-mismatch' })
    await cache.store().remove(digest)
    expect(await cache.store().stat(digest)).toBeUndefined()
  })
})

describe('package templates', () => {
  it('become names with the hash of the folder', async () => {
    const home = join(root, 'packages')
    await mkdir(join(home, 'pkg/init'), { recursive: true })
    await writeFile(join(home, 'pkg/init/build.yml'), 'image: init\norg: team\n')
    await writeFile(join(home, 'pkg/init/Dockerfile'), 'FROM scratch\n')
    const git = (...args: string[]) =>
      run('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: home })
    await git('init', '-q')
    await git('add', '.')
    await git('commit', '-q', '-m', 'x')
    const resolve = createPackageResolver({ root: home })
    const tree = (await git('rev-parse', 'HEAD:pkg/init')).stdout.trim()
    expect(await resolve('@pkg:./pkg/init')).toBe(`docker.io/team/init:${tree}`)
    await writeFile(join(home, 'pkg/init/Dockerfile'), 'FROM base\n')
    expect(await resolve('@pkg:pkg/init')).toBe(`docker.io/team/init:${tree}-dirty`)
    expect(await resolve('alpine:3.20')).toBe('docker.io/library/alpine:3.20')
    for (const wrong of ['@pkg:../..', '@pkg:/etc', '@pkg:pkg', '@pkg:missing'])
      await expect(resolve(wrong)).rejects.toMatchObject({ code: 'reference' })
  })
})

/** Loads releases of the sample shop as `docker.io/library/loaded`. */
async function load(...versions: string[]): Promise<[Descriptor, ...Descriptor[]]> {
  const loaded: Descriptor[] = []
  for (const version of versions) {
    const name = `docker.io/library/loaded:${version}`
    loaded.push(
      ...(await cache.imageLoad((await writeOciArchive(sample('web/storefront'), parseTag(version), { name })).stream)),
    )
  }
  const [first, ...others] = loaded
  if (!first) throw new Error('nothing was loaded')
  return [first, ...others]
}
