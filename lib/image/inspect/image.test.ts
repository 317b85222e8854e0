import { expect, it } from 'vitest'
import { parsePlatform } from '../../oci/platform.ts'
import { describeHomes } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import { readImage } from './image.ts'
import { summarizeTag } from './summary.ts'

const AMD64 = { os: 'linux', architecture: 'amd64' }
const ARM64 = { os: 'linux', architecture: 'arm64', variant: 'v8' }
const attestation = { 'vnd.docker.reference.type': 'attestation-manifest' }

describeHomes('reading an image', (home) => {
  it('returns the manifest with its config', async () => {
    const repository = home().fresh()
    const manifest = await putImage(repository, { tags: ['1.0'], labels: { team: 'blue' } })
    const image = await readImage(repository, tag('1.0'))
    expect(image.manifest.digest).toBe(manifest.digest)
    expect(image.config?.labels.get('team')).toBe('blue')
  })

  it('follows an index to the requested platform, through a nested one too', async () => {
    const repository = home().fresh()
    const arm = await putImage(repository, { platform: ARM64 })
    const amd = await putImage(repository, { platform: AMD64 })
    const inner = await putIndex(repository, [pointerTo(arm, { platform: ARM64 })])
    const index = await putIndex(repository, [pointerTo(amd, { platform: AMD64 }), pointerTo(inner)], {
      tags: ['multi'],
    })
    expect((await readImage(repository, tag('multi'))).manifest.digest).toBe(index.digest)
    const found = await readImage(repository, tag('multi'), { platform: parsePlatform('linux/arm64') })
    expect(found.manifest.digest).toBe(arm.digest)
    await expect(
      readImage(repository, index.digest, { platform: parsePlatform('windows/amd64') }),
    ).rejects.toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('windows/amd64'),
    })
  })

  it('stays readable when its config is invalid', async () => {
    const repository = home().fresh()
    const config = await repository.putBlob(Buffer.from('not json'))
    const pointer = { mediaType: 'application/vnd.oci.image.config.v1+json', ...config }
    await putArtifact(repository, [], { tags: ['broken'], fields: { config: pointer } })
    const image = await readImage(repository, tag('broken'))
    expect(image.manifest.kind).toBe('oci-image')
    expect(image.config).toBeUndefined()
    expect(image.configError).toMatchObject({ name: 'FormatError' })
  })

  it('doesn’t mistake the cause of a cancellation for a broken config', async () => {
    const repository = home().fresh()
    await putImage(repository, { tags: ['1.0'] })
    await expect(readImage(repository, tag('1.0'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

describeHomes('summarizing a tag', (home) => {
  it('returns platform, size, time and labels of an image', async () => {
    const repository = home().fresh()
    const layer = Buffer.from('the same layer twice is stored once')
    const manifest = await putImage(repository, {
      tags: ['1.0'],
      layers: [layer, layer],
      platform: ARM64,
      labels: { a: 'b' },
    })
    if (manifest.kind !== 'oci-image') throw new Error(manifest.kind)
    const summary = await summarizeTag(repository, tag('1.0'))
    expect(summary).toEqual({
      tag: '1.0',
      digest: manifest.digest,
      mediaType: manifest.mediaType,
      kind: 'oci-image',
      manifestBytes: manifest.size,
      platforms: ['linux/arm64/v8'],
      attestations: 0,
      size: manifest.config.size + (manifest.layers[0]?.size ?? Number.NaN),
      created: '2026-01-02T03:04:05Z',
      labels: [{ key: 'a', value: 'b', origin: 'config' }],
    })
  })

  it('lists the platforms of an index without its attestations and takes size and time from linux/amd64', async () => {
    const repository = home().fresh()
    const arm = await putImage(repository, { platform: ARM64, created: '2020-01-01T00:00:00Z' })
    const amd = await putImage(repository, { platform: AMD64, created: '2021-01-01T00:00:00Z' })
    const about = await putImage(repository, { platform: { os: 'unknown', architecture: 'unknown' } })
    const unknown = { platform: { os: 'unknown', architecture: 'unknown' }, annotations: attestation }
    const children = [
      pointerTo(arm, { platform: ARM64 }),
      pointerTo(amd, { platform: AMD64 }),
      pointerTo(about, unknown),
    ]
    await putIndex(repository, children, { tags: ['multi'], docker: true })
    const summary = await summarizeTag(repository, tag('multi'))
    expect(summary).toMatchObject({
      kind: 'index',
      platforms: ['linux/arm64/v8', 'linux/amd64'],
      attestations: 1,
      sizePlatform: 'linux/amd64',
      created: '2021-01-01T00:00:00Z',
    })
    expect(summary.size).toBeGreaterThan(200)
    expect(summary.artifact).toBeUndefined()
  })

  it('names the kind of an artifact', async () => {
    const repository = home().fresh()
    const chart = { mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', content: 'chart' }
    const config = {
      mediaType: 'application/vnd.cncf.helm.config.v1+json',
      ...(await repository.putBlob(Buffer.from('{"name":"x"}'))),
    }
    await putArtifact(repository, [chart], { tags: ['0.1.0'], fields: { config } })
    expect(await summarizeTag(repository, tag('0.1.0'))).toMatchObject({ artifact: 'Helm chart', platforms: [] })
  })
})
