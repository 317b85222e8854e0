import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { formatPlatform, parsePlatform } from '../../oci/platform.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { attach } from '../referrers/attach.ts'
import { openLayout, startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import { createImageCache, type ImageCache } from './image-cache.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'lading-cache-platforms-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const AMD64 = parsePlatform('linux/amd64')
const ARM64 = parsePlatform('linux/arm64')
const SPDX = 'application/spdx+json'
const sbom = (name: string) => Buffer.from(JSON.stringify({ spdxVersion: 'SPDX-2.3', name, packages: [] }))

describe('an image cache', () => {
  const remoteHome = useHome(startRegistry)
  const local = useHome(openLayout)
  let cache: ImageCache
  let remote: Repository
  let name = ''
  beforeEach(() => {
    const { registry } = remoteHome()
    remote = remoteHome().fresh()
    cache = createImageCache({ layout: local().registry, registryFor: () => registry })
    name = `registry.example.com/${remote.name}`
  })

  /** One for each platform, and what an index has to say about the first. */
  async function putMulti() {
    const amd = await putImage(remote, { platform: AMD64 })
    const arm = await putImage(remote, { platform: ARM64 })
    const statement = { mediaType: 'application/vnd.in-toto+json', content: `{"about":"${amd.digest}"}` }
    const attestation = await putArtifact(remote, [statement])
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': amd.digest,
    }
    const unknown = { os: 'unknown', architecture: 'unknown' }
    const index = await putIndex(
      remote,
      [
        pointerTo(amd, { platform: AMD64 }),
        pointerTo(arm, { platform: ARM64 }),
        pointerTo(attestation, { platform: unknown, annotations }),
      ],
      { tags: ['multi'] },
    )
    return { amd, arm, attestation, index }
  }

  it('reports what a pull of the registry’s image would fetch', async () => {
    await putImage(remote, { platform: ARM64, tags: ['arm'] })
    for (const [platform, expected] of [
      [AMD64, false],
      [ARM64, true],
      [undefined, false],
    ] as const) {
      const lookup = platform ? { platform } : {}
      expect(await cache.imageInRegistry(`${name}:arm`, lookup)).toBe(expected)
      const pull = cache.imagePull(`${name}:arm`, lookup)
      if (expected) expect(await (await pull).config()).toMatchObject({ architecture: 'arm64' })
      else await expect(pull).rejects.toThrow(/nothing for linux\/amd64; it has linux\/arm64/)
      expect(await cache.imageInCache(`${name}:arm`, lookup)).toBe(expected)
    }
  })

  it('never substitutes another platform of an index silently', async () => {
    const arm = await putImage(remote, { platform: ARM64 })
    await putIndex(remote, [pointerTo(arm, { platform: ARM64 })], { tags: ['multi'] })
    await expect(cache.imagePull(`${name}:multi`)).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringMatching(/nothing for linux\/amd64; it has linux\/arm64/),
    })
    expect(await cache.findDescriptor(`${name}:multi`)).toBeNull()
  })

  it('returns the SBOMs attached to the index, each once', async () => {
    const { index, amd } = await putMulti()
    const hang = (digest: typeof amd.digest, text: string) =>
      attach(remote, digest, { artifactType: SPDX, blobs: [{ mediaType: SPDX, content: sbom(text) }] })
    await hang(index.digest, 'of the index')
    await hang(amd.digest, 'of the image')
    const source = await cache.imagePull(`${name}:multi`, { platform: AMD64, referrers: true })
    expect(await source.sboms()).toHaveLength(2)
  })

  describe('that has one platform of an image', () => {
    const pushed = (version: string) => remote.manifest(tag(version))
    let images: Awaited<ReturnType<typeof putMulti>>
    beforeEach(async () => {
      images = await putMulti()
      await cache.imagePull(`${name}:multi`, { platform: AMD64 })
    })

    it('explains how to push it', async () => {
      await expect(cache.push(`${name}:multi`, `${name}:other`)).rejects.toMatchObject({
        kind: 'missing-content',
        message: expect.stringMatching(/push one of them \(platform\).*\(withManifest\)/),
      })
    })

    it('pushes it by its platform, as an image or in an index', async () => {
      const options = { platform: AMD64 }
      expect(await cache.push(`${name}:multi`, `${name}:one`, options)).toMatchObject({ outcome: 'pushed' })
      expect((await pushed('one')).digest).toBe(images.amd.digest)
      expect(await cache.push(`${name}:multi`, `${name}:one`, options)).toMatchObject({ outcome: 'unchanged' })
      await cache.push(`${name}:multi`, `${name}:index`, { ...options, withManifest: true })
      const index = await pushed('index')
      expect(index.kind === 'index' && index.manifests.map(({ digest }) => digest)).toEqual([
        images.amd.digest,
        images.attestation.digest,
      ])
      await expect(cache.push(`${name}:multi`, `${name}:none`, { platform: ARM64 })).rejects.toMatchObject({
        kind: 'missing-content',
        expected: images.arm.digest,
      })
    })

    it('pushes the available part of a nested index', async () => {
      await putIndex(remote, [pointerTo(images.index)], { tags: ['nested'] })
      const other = `${name}/copy:nested`
      await cache.imagePull(`${name}:nested`, { platform: AMD64 })
      await cache.push(`${name}:nested`, other, { withManifest: true })
      await cache.imagePull(`${name}:nested`, { platform: ARM64 })
      await cache.push(`${name}:nested`, `${name}/copy:whole`, { withManifest: true })
      const copied = remoteHome().registry.repository(parseRepositoryName(`${remote.name}/copy`))
      const platforms = async (version: string) => {
        const index = await copied.manifest(tag(version))
        return index.kind === 'index' && index.manifests.map(({ platform }) => platform && formatPlatform(platform))
      }
      expect(await platforms('nested')).toEqual(['linux/amd64', 'unknown/unknown'])
      expect(await platforms('whole')).toEqual([undefined])
    })
  })

  it.each([
    ['myapp', 'docker.io/library/myapp:latest'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    ['example.com/app:1', 'example.com/app:1'],
  ])('writes archives under %s that skopeo reads', async (given, full) => {
    await putImage(remote, { tags: ['1'] })
    const source = await cache.imagePull(`${name}:1`)
    for (const [transport, archive] of [
      ['docker-archive', await source.v1TarReader(given)],
      ['oci-archive', await source.ociTarReader(given)],
    ] as const) {
      const file = join(folder, 'named.tar')
      await writeFile(file, archive.stream)
      const saved = JSON.parse((await run('tar', ['xOf', file, 'manifest.json'])).stdout)
      expect(saved[0].RepoTags).toEqual([full])
      const index = JSON.parse((await run('tar', ['xOf', file, 'index.json'])).stdout)
      expect(index.manifests[0].annotations).toEqual({
        'io.containerd.image.name': full,
        'org.opencontainers.image.ref.name': full.split(':').at(-1),
      })
      const { stdout } = await run('skopeo', ['inspect', `${transport}:${file}`])
      expect(JSON.parse(stdout)).toMatchObject({ Architecture: 'amd64' })
    }
  })
})
