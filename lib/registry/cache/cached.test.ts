import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Descriptor } from '../../oci/descriptor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { describeRegistry } from '../contract/registry-contract.ts'
import { imageFor } from '../contract/samples.ts'
import { createHttpRegistry } from '../http/http-registry.ts'
import { collect } from '../listing.ts'
import type { Repository } from '../registry.ts'
import { cached } from './cached.ts'
import { ContentCache } from './content-cache.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const http = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 1 } })
const [one, two] = [parseTag('one'), parseTag('two')]
let count = 0
let behind: Repository
let repository: Repository
let image: Descriptor
let from = 0
beforeEach(async () => {
  proxy.clear()
  behind = http.repository(parseRepositoryName(`cached/r${++count}`))
  repository = cached(http, new ContentCache()).repository(behind.name)
  const content = await imageFor(behind)
  image = await behind.putManifest(one, content)
  await behind.putManifest(two, content)
  from = proxy.requests.length
})
afterAll(async () => {
  await http.close()
  await proxy.stop()
  await server.stop()
})
const asked = () => proxy.requests.slice(from).map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)

describeRegistry('a cached registry', async () => {
  const registry = createHttpRegistry({ name: 'c', url: server.url })
  return { registry: cached(registry, new ContentCache()), close: () => registry.close() }
})

describe('a manifest', () => {
  it('by digest is fetched once for ever, and is known from its tag', async () => {
    const manifest = await repository.manifest(one)
    expect(await repository.manifest(image.digest)).toBe(manifest)
    expect(await repository.manifest(image.digest)).toBe(manifest)
    expect(asked()).toEqual(['GET one'])
  })

  it('by tag is looked up each time, but sent and parsed only when it has moved', async () => {
    const manifest = await repository.manifest(one)
    expect(await repository.manifest(one)).toBe(manifest)
    expect(proxy.requests.at(-1)?.headers['if-none-match']).toBe(`"${image.digest}"`)
    expect(await repository.manifest(two)).toBe(manifest)
    const moved = await behind.putManifest(one, await imageFor(behind))
    expect((await repository.manifest(one)).digest).toBe(moved.digest)
  })

  it('is requested once by many readers, and one leaving doesn’t disturb the others', async () => {
    const stop = new AbortController()
    const leaving = repository.manifest(one, { signal: stop.signal })
    const staying = [repository.manifest(one), repository.manifest(one)]
    stop.abort(new Error('left'))
    await expect(leaving).rejects.toThrow('left')
    for (const each of staying) expect((await each).digest).toBe(image.digest)
    expect(asked()).toEqual(['GET one'])
  })

  it('is no longer requested when all readers have left', async () => {
    proxy.on({ path: '/manifests/', nth: 1, fault: { kind: 'slow-headers', ms: 300 } })
    const stop = new AbortController()
    const calls = [1, 2].map(() => repository.manifest(one, { signal: stop.signal }))
    stop.abort(new Error('left'))
    for (const call of calls) await expect(call).rejects.toThrow('left')
    expect((await repository.manifest(one)).digest).toBe(image.digest)
  })

  it('is requested again after a failure', async () => {
    const forget = proxy.on({ path: '/manifests/', fault: { kind: 'answer', status: 403 } })
    await expect(repository.manifest(image.digest)).rejects.toMatchObject({ kind: 'denied' })
    forget()
    expect((await repository.manifest(image.digest)).digest).toBe(image.digest)
  })

  it('with wrong bytes isn’t kept', async () => {
    const forget = proxy.on({ path: '/manifests/', fault: { kind: 'flip-byte', at: 40 } })
    await expect(repository.manifest(image.digest)).rejects.toThrow()
    forget()
    expect((await repository.manifest(image.digest)).digest).toBe(image.digest)
  })

  it('of another repository is another manifest', async () => {
    const registry = cached(http, new ContentCache())
    await registry.repository(behind.name).manifest(image.digest)
    const other = registry.repository(parseRepositoryName('cached/other'))
    await expect(other.manifest(image.digest)).rejects.toMatchObject({ kind: 'not-found' })
  })
})

it('answers questions of existence from the registry alone', async () => {
  await repository.manifest(one)
  await behind.deleteManifest(image.digest, { expectTags: [one, two] })
  await expect(repository.resolve(image.digest)).rejects.toMatchObject({ kind: 'not-found' })
})

it('keeps small blobs', async () => {
  const { digest } = await behind.putBlob(Buffer.from('config'))
  from = proxy.requests.length
  const [first, second] = await Promise.all([repository.blobBytes(digest), repository.blobBytes(digest)])
  expect(await repository.blobBytes(digest)).toBe(first)
  expect(second).toBe(first)
  expect(asked()).toEqual([`GET ${digest}`])
})

describe('a listing', () => {
  it('is fetched once for simultaneous readers, each at its own speed', async () => {
    const slow = repository.tags()
    await slow.next()
    const { items } = await collect(repository.tags())
    expect(items.toSorted()).toEqual([one, two])
    expect((await collect(slow)).items).toHaveLength(1)
    expect(asked()).toEqual(['GET list?n=1000'])
  })

  it('is fetched again once expired, and shows what was put meanwhile', async () => {
    await collect(repository.tags())
    const open = repository.tags()
    await open.next()
    await repository.putManifest(parseTag('three'), await imageFor(repository))
    expect((await collect(repository.tags())).items).toContain('three')
    await open.return({ complete: true })
  })

  it('continues for the others when one reader leaves, and fails for all when it fails', async () => {
    const [leaving, staying] = [repository.tags(), repository.tags()]
    await Promise.all([leaving.next(), staying.next()])
    await leaving.return({ complete: true })
    expect((await collect(staying)).items).toHaveLength(1)
    proxy.on({ path: '/tags/', fault: { kind: 'answer', status: 403 } })
    const results = await Promise.allSettled([collect(repository.tags()), collect(repository.tags())])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
