import { describe, expect, it, vi } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { loadArchive } from '../archive/load-archive.ts'
import { writeDockerArchive, writeOciArchive } from '../archive/write-archive.ts'
import { createImageCache } from '../cache/image-cache.ts'
import { copyImage } from '../copy/copy.ts'
import { summarizeTag } from '../inspect/summary.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { describeHomes, openLayout, useHome } from '../testing/homes.ts'
import { pointerTo, putImage, putIndex, tag } from '../testing/images.ts'
import { resolvePlatform } from './resolve-platform.ts'

const LINUX = parsePlatform('linux/amd64')
const WINDOWS = parsePlatform('windows/amd64')

async function putNested(repository: Repository, platforms: readonly string[]): Promise<[Manifest, Manifest[]]> {
  const images: Manifest[] = []
  for (const platform of platforms) images.push(await putImage(repository, { platform: parsePlatform(platform) }))
  const entries = images.map((image, i) => pointerTo(image, { platform: parsePlatform(platforms[i] ?? '') }))
  return [await putIndex(repository, entries), images]
}

describeHomes('an index of indexes', (home) => {
  const cacheHome = useHome(openLayout)

  /** Windows in the first, Linux in the second. */
  async function putTwo(repository: Repository) {
    const [first, [windows]] = await putNested(repository, ['windows/amd64'])
    const [second, [linux, arm]] = await putNested(repository, ['linux/amd64', 'linux/arm64'])
    const root = await putIndex(repository, [pointerTo(first), pointerTo(second)], { tags: ['two'] })
    if (!windows || !linux || !arm) throw new Error('no images')
    return { root, first, second, windows, linux, arm }
  }

  it('is searched entirely for a platform, and for the usual one when none is requested', async () => {
    const repository = home().fresh()
    const { root, windows, linux, arm } = await putTwo(repository)
    expect((await resolvePlatform(repository, root, LINUX)).digest).toBe(linux.digest)
    expect((await resolvePlatform(repository, root, WINDOWS)).digest).toBe(windows.digest)
    expect((await resolvePlatform(repository, root, parsePlatform('linux/arm64/v8'))).digest).toBe(arm.digest)
    expect((await resolvePlatform(repository, root)).digest).toBe(linux.digest)
    expect((await writeDockerArchive(repository, tag('two'))).digest).toBe(linux.digest)
    const platforms = ['windows/amd64', 'linux/amd64', 'linux/arm64']
    expect(await summarizeTag(repository, tag('two'))).toMatchObject({ sizePlatform: 'linux/amd64', platforms })
  })

  it('is summarized with the reason why the platforms of an index in it are missing', async () => {
    const repository = home().fresh()
    const linux = pointerTo(await putImage(repository), { platform: LINUX })
    const [nested] = await putNested(repository, ['windows/amd64'])
    await putIndex(repository, [linux, pointerTo(nested)], { tags: ['mixed'] })
    const read = repository.manifest.bind(repository)
    vi.spyOn(repository, 'manifest').mockImplementation(async (reference, options) => {
      if (reference === nested.digest) throw new RegistryError('unavailable', 'overloaded', {})
      return read(reference, options)
    })
    const { platforms, problem } = await summarizeTag(repository, tag('mixed'))
    expect(platforms).toEqual(['linux/amd64'])
    expect(problem).toMatchObject({ kind: 'unavailable' })
  })

  it('returns the best match of all, and names every platform when none fits', async () => {
    const repository = home().fresh()
    const [older] = await putNested(repository, ['linux/arm/v6'])
    const [newer, [v7]] = await putNested(repository, ['linux/arm/v7', 'linux/riscv64'])
    const root = await putIndex(repository, [pointerTo(older), pointerTo(newer)])
    expect((await resolvePlatform(repository, root, parsePlatform('linux/arm/v7'))).digest).toBe(v7?.digest)
    await expect(resolvePlatform(repository, root, LINUX)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('it has linux/arm/v6, linux/arm/v7, linux/riscv64'),
    })
  })

  it('is copied by platform with the index that contains it, and archived as the image alone', async () => {
    const from = home().fresh()
    const { first, second, linux } = await putTwo(from)
    const [to, loadedTo] = [home().fresh(), home().fresh()]
    const options = { platforms: [LINUX] }
    const copy = await copyImage(
      { repository: from, reference: tag('two') },
      { repository: to, reference: tag('two') },
      options,
    )
    const copied = await to.manifest(tag('two'))
    expect(copy.digest).toBe(copied.digest)
    expect(copied.kind === 'index' && copied.manifests.map(({ digest }) => digest)).toEqual([second.digest])
    expect((await resolvePlatform(to, copied, LINUX)).digest).toBe(linux.digest)
    const archive = await writeOciArchive(from, tag('two'), options)
    expect(archive.digest).toBe(linux.digest)
    await loadArchive(loadedTo, archive.stream)
    for (const repository of [to, loadedTo])
      expect((await checkCompleteness(repository, tag('two'))).complete).toBe(true)
    await expect(
      copyImage({ repository: from, reference: first.digest }, { repository: to }, { platforms: [LINUX] }),
    ).rejects.toMatchObject({ kind: 'not-found', message: expect.stringContaining('it has windows/amd64') })
  })

  it('that nests eight deep is checked, resolved, copied and archived alike', async () => {
    const from = home().fresh()
    const image = await putImage(from)
    let root = await putIndex(from, [pointerTo(image, { platform: LINUX })])
    for (let depth = 2; depth <= 8; depth++) root = await putIndex(from, [pointerTo(root)], { tags: ['deep'] })
    expect((await checkCompleteness(from, tag('deep'))).checked).toBe(11)
    expect((await resolvePlatform(from, root)).digest).toBe(image.digest)
    const to = { repository: home().fresh(), reference: tag('deep') }
    expect((await copyImage({ repository: from, reference: tag('deep') }, to)).digest).toBe(root.digest)
    const {
      images: [loaded],
    } = await loadArchive(home().fresh(), (await writeOciArchive(from, tag('deep'))).stream)
    expect(loaded).toMatchObject({ digest: root.digest, missing: [] })
    const deeper = await putIndex(from, [pointerTo(root)])
    await expect(resolvePlatform(from, deeper)).rejects.toMatchObject({ kind: 'malformed' })
    await expect(checkCompleteness(from, deeper.digest)).rejects.toMatchObject({ kind: 'too-large' })
  })

  it('is in the cache after a pull, with the index that leads to the platform', async () => {
    const remote = home().fresh()
    const { linux } = await putTwo(remote)
    const cache = createImageCache({ layout: cacheHome().registry, registryFor: () => home().registry })
    const name = `registry.example.com/${remote.name}:two`
    const source = await cache.imagePull(name, { platform: LINUX })
    expect((await source.config()).architecture).toBe('amd64')
    expect(await cache.imageInCache(name, { platform: LINUX })).toBe(true)
    expect(await cache.imageInCache(name, { platform: WINDOWS })).toBe(false)
    await cache.imagePull(name, { platform: WINDOWS })
    expect(await cache.imageInCache(name, { platform: WINDOWS })).toBe(true)
    expect((await source.config()).os).toBe('linux')
    expect(await cache.store().stat(linux.digest)).toEqual({ size: linux.size })
  })
})

describe('a missing index', () => {
  const home = useHome(openLayout)

  it('is named where it may have the platform', async () => {
    const repository = home().fresh()
    const [there] = await putNested(repository, ['windows/amd64'])
    const gone = { mediaType: MEDIA_TYPE.ociIndex, digest: digestOf('gone'), size: 4 }
    const root = await putIndex(repository, [gone, pointerTo(there)])
    expect((await resolvePlatform(repository, root, WINDOWS)).kind).toBe('oci-image')
    await expect(resolvePlatform(repository, root, LINUX)).rejects.toMatchObject({
      kind: 'missing-content',
      expected: gone.digest,
    })
  })
})
