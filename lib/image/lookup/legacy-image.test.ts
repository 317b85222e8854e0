import { afterAll, describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { collect } from '../../registry/listing.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { pushSchema1 } from '../../testing/servers/schema1-images.ts'
import { describeHomes } from '../testing/homes.ts'
import { putArtifact, putImage } from '../testing/images.ts'
import { legacyImage } from './legacy-image.ts'
import { legacyImages } from './legacy-images.ts'

describeHomes('a v1 image', (home) => {
  it('is found by its id, as the image of a tag or below it', async () => {
    const repository = home().fresh()
    const layers = ['a', 'b', 'c'].map((text) => Buffer.from(text))
    await putArtifact(repository, [{ mediaType: 'text/plain', content: 'x' }], { tags: ['0-artifact'] })
    const image = await putImage(repository, { tags: ['1'], layers })
    if (image.kind !== 'oci-image') throw new Error(image.kind)
    const [leaf] = (await collect(legacyImages(repository))).items
    if (!leaf) throw new Error('no v1 image')
    const whole = await legacyImage(repository, leaf.id, { includeParents: true })
    if (whole.state !== 'found') throw new Error(whole.state)
    const chain = [whole.image, ...(whole.parents ?? [])]
    expect(chain.map(({ id }) => id)).toEqual([leaf.id, ...leaf.parents])
    expect(chain.map(({ parent }) => parent)).toEqual([...leaf.parents, undefined])
    expect(chain.map(({ digest, size }) => ({ digest, size }))).toEqual(
      image.layers.map(({ digest, size }) => ({ digest, size })).reverse(),
    )
    expect(chain[1]?.command).toEqual([expect.stringMatching(/^step 1 /)])
    const [, below, base] = chain
    const alone = await legacyImage(repository, below?.id ?? '')
    expect(alone).toEqual({ state: 'found', tag: '1', image: below })
    const withBase = await legacyImage(repository, below?.id ?? '', { includeParents: true })
    expect(withBase).toMatchObject({ parents: [base] })
  })

  it('is absent if no tag has it, in a complete list', async () => {
    const repository = home().fresh()
    await putImage(repository, { tags: ['1'] })
    expect(await legacyImage(repository, 'f'.repeat(64))).toEqual({ state: 'absent', end: { complete: true } })
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

describe('v1 images are read lazily', () => {
  const repository = registry.repository(parseRepositoryName('old/app'))
  const read = () => proxy.count('GET', '/old/app/')
  it('nothing before the first is requested, and one tag for each', async () => {
    for (const name of ['1', '2', '3']) await pushSchema1(server.url, 'old/app', name, { layers: [{ name }] })
    const images = legacyImages(repository)
    expect(read()).toBe(0)
    expect((await images.next()).value).toMatchObject({ parents: [] })
    // The list of tags and a manifest.
    expect(read()).toBe(2)
    await images.next()
    expect(read()).toBe(3)
  })

  it('the search stops at the first tag with the id, with the sizes of its layers alone', async () => {
    const [, second] = (await collect(legacyImages(repository))).items
    const before = { read: read(), measured: proxy.count('HEAD', '/old/app/blobs/') }
    const found = await legacyImage(repository, second?.id ?? '', { includeParents: true })
    expect(found).toMatchObject({
      state: 'found',
      tag: second?.tag,
      image: { id: second?.id, created: '2015-06-07T08:09:10Z', command: [expect.stringContaining('COPY step 1')] },
      parents: [],
    })
    expect(found.state === 'found' && found.image.size).toBeGreaterThan(50)
    // The list of tags and two manifests; one layer.
    expect(read() - before.read).toBe(3)
    expect(proxy.count('HEAD', '/old/app/blobs/') - before.measured).toBe(1)
  })
})
