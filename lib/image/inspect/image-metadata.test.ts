import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { pushSchema1 } from '../../testing/servers/schema1-images.ts'
import { describeHomes } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import { imageMetadata } from './image-metadata.ts'
import { measureSizes } from './image-sizes.ts'

const ARM64 = { os: 'linux', architecture: 'arm64', variant: 'v8' }

describeHomes('the metadata of an image', (home) => {
  it('has the size of each layer, and of all with and without repeats', async () => {
    const repository = home().fresh()
    const twice = Buffer.from('used twice')
    const image = await putImage(repository, { layers: [twice, Buffer.from('once'), twice], platform: ARM64 })
    await putIndex(repository, [pointerTo(image, { platform: ARM64 })], { tags: ['1'] })
    if (image.kind !== 'oci-image') throw new Error(image.kind)
    const [a = 0, b = 0] = image.layers.map(({ size }) => size)
    const found = await imageMetadata(repository, tag('1'), { platform: ARM64 })
    expect(found).toMatchObject({ digest: image.digest, platform: ARM64, created: '2026-01-02T03:04:05Z' })
    expect(found.sizes).toEqual({
      layers: image.layers.map(({ digest, size }) => ({ digest, size })),
      each: image.config.size + 2 * a + b,
      distinct: image.config.size + a + b,
    })
  })

  it('is refused for non-images', async () => {
    const repository = home().fresh()
    await putArtifact(repository, [{ mediaType: 'text/plain', content: 'x' }], { tags: ['note'] })
    await expect(imageMetadata(repository, tag('note'))).rejects.toMatchObject({ kind: 'unsupported' })
  })
})

const server = await startDockerRegistry({ schema1: true })
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'old', url: proxy.url })
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
})

it('measures the layers of schema 1, each distinct one once', async () => {
  const repository = registry.repository(parseRepositoryName('old/app'))
  const [one, two] = [{ a: '1' }, { b: 'another' }]
  const { layers } = await pushSchema1(server.url, 'old/app', '1', { layers: [one, two, one] })
  const [a = 0, b = 0] = layers.map(({ size }) => size)
  const found = await imageMetadata(repository, tag('1'))
  expect(found).toMatchObject({ created: '2015-06-07T08:09:10Z', platform: { os: 'linux', architecture: 'amd64' } })
  expect(found.sizes).toMatchObject({
    layers: [{ size: a }, { size: b }, { size: a }],
    each: 2 * a + b,
    distinct: a + b,
  })
  expect(proxy.count('HEAD', '/blobs/')).toBe(2)
  const manifest = await repository.manifest(tag('1'))
  await measureSizes(repository, manifest)
  await measureSizes(repository, manifest)
  expect(proxy.count('HEAD', '/blobs/')).toBe(4)
})
