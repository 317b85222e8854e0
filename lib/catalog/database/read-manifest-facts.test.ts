import { randomBytes } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { openLayout, useHome } from '../../image/testing/homes.ts'
import { pointerTo, putArtifact, putBlob, putImage, putIndex } from '../../image/testing/images.ts'
import type { Digest } from '../../oci/digest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { readManifestFacts } from './read-manifest-facts.ts'

const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64' }

describe('what the catalog records of a manifest', () => {
  const home = useHome(openLayout)

  test('the platforms of an index inside an index count as its own, with the annotations of both', async () => {
    const repository = home().fresh()
    const inner = await putIndex(
      repository,
      [
        pointerTo(await putImage(repository, { platform: amd64, labels: { team: 'quay' } }), { platform: amd64 }),
        pointerTo(await putImage(repository, { platform: arm64 }), {
          platform: arm64,
          annotations: { entry: 'inner' },
        }),
      ],
      { fields: { annotations: { stage: 'inner', licence: 'MIT' } } },
    )
    const riscv = { os: 'linux', architecture: 'riscv64' }
    const other = await putImage(repository, { platform: riscv })
    const outer = await putIndex(repository, [pointerTo(inner), pointerTo(other, { platform: riscv })], {
      fields: { annotations: { licence: 'MIT' } },
    })
    const { images, indexes, problem } = await readManifestFacts(repository, outer)
    expect(indexes?.map(({ digest }) => digest)).toEqual([inner.digest])
    expect(problem).toBeUndefined()
    expect(images.map(({ platform, layers }) => [platform, layers])).toEqual([
      ['linux/amd64', 1],
      ['linux/arm64', 1],
      ['linux/riscv64', 1],
    ])
    expect(images.map(({ labels }) => labels.map(({ key, value }) => `${key}=${value}`).sort())).toEqual([
      ['licence=MIT', 'stage=inner', 'team=quay'],
      ['entry=inner', 'licence=MIT', 'stage=inner'],
      ['licence=MIT'],
    ])
  })

  test('a label without a value is known by its key', async () => {
    const repository = home().fresh()
    const { images } = await readManifestFacts(repository, await putImage(repository, { labels: { team: null } }))
    expect(images[0]?.labels).toEqual([{ key: 'team', value: '', origin: 'config' }])
  })

  test('an entry whose digest can’t be verified leaves all others known', async () => {
    const repository = home().fresh()
    const image = pointerTo(await putImage(repository, { platform: amd64 }), { platform: amd64 })
    const odd = { ...image, digest: `blake3:${'a'.repeat(64)}` as Digest, platform: arm64 }
    const { images, problem } = await readManifestFacts(repository, await putIndex(repository, [odd, image]))
    expect(images.map(({ platform, labels }) => [platform, labels.length])).toEqual([
      ['linux/arm64', 0],
      ['linux/amd64', 0],
    ])
    expect(problem).toBe('child')
  })

  test('an index that others list again and again is read once', async () => {
    const repository = home().fresh()
    const image = pointerTo(await putImage(repository, { platform: amd64 }))
    let index = await putIndex(repository, [])
    for (let depth = 0; depth < 7; depth++) {
      const again = Array.from({ length: 40 }, () => pointerTo(index))
      index = await putIndex(repository, depth === 6 ? [...again, image] : again)
    }
    const reads = vi.spyOn(repository, 'manifest')
    const { images, problem } = await readManifestFacts(repository, index)
    expect(images.map(({ platform }) => platform)).toEqual(['linux/amd64'])
    expect(problem).toBeUndefined()
    expect(reads.mock.calls.length).toBeLessThan(40)
  })

  test('an index with thousands of annotations gives its images the first thousand', async () => {
    const repository = home().fresh()
    const image = pointerTo(await putImage(repository, { platform: amd64, labels: { team: 'quay' } }), {
      platform: amd64,
    })
    const annotations = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`key-${at}`, 'x']))
    const index = await putIndex(repository, [image, image], { fields: { annotations } })
    const { images } = await readManifestFacts(repository, index)
    const keys = images.map(({ labels }) => labels.map(({ key }) => key))
    for (const each of keys) {
      expect(each).toHaveLength(1_001)
      expect(each).toContain('team')
      expect(each).toContain('key-999')
    }
  })

  test('the layers that an index lists, as BuildKit’s cache does, are its own and no platforms', async () => {
    const repository = home().fresh()
    const layers = [await putBlob(repository, randomBytes(90), MEDIA_TYPE.ociLayerGzip)]
    const config = await putBlob(repository, Buffer.from('{}'), 'application/vnd.buildkit.cacheconfig.v0')
    const { images, problem } = await readManifestFacts(repository, await putIndex(repository, [...layers, config]))
    expect(problem).toBeUndefined()
    expect(images).toMatchObject([{ blobs: [{ size: 90 }, { size: 2 }] }])
  })

  test('layers that a registry need not hold are marked', async () => {
    const repository = home().fresh()
    const foreign = {
      mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
      digest: `sha256:${'9'.repeat(64)}`,
      size: 1_700_000_000,
      urls: ['https://mcr.microsoft.com/v2/windows/servercore/blobs/x'],
    }
    const own = await putBlob(repository, randomBytes(70), MEDIA_TYPE.dockerLayerGzip)
    const image = await putImage(repository, { docker: true, fields: { layers: [foreign, own] } })
    const [facts] = (await readManifestFacts(repository, image)).images
    expect(facts?.blobs.map(({ isForeign }) => isForeign)).toEqual([undefined, true, undefined])
  })

  test('an artifact was created when its annotation says', async () => {
    const repository = home().fresh()
    const annotations = { 'org.opencontainers.image.created': '2026-09-02T10:00:00Z' }
    const artifact = await putArtifact(repository, [{ mediaType: 'text/plain', content: 'x' }], {
      fields: { annotations },
    })
    const { created, images } = await readManifestFacts(repository, artifact)
    expect(created).toBe(Date.parse('2026-09-02T10:00:00Z'))
    expect(images[0]?.created).toBe(created)
  })
})
