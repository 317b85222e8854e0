import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import type { Registry, Repository } from '../../registry/registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { call, digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { MemoryCatalog } from '../memory/memory-catalog.ts'
import { SettableClock } from '../testing/settable-clock.ts'
import { CatalogReader } from './catalog-reader.ts'
import { placeOf } from './place-of.ts'

// A real registry behind a proxy that fails, hangs and counts.
const server = await startDockerRegistry()
await pushImage(server.url, 'team/app', ['1', '2'])
const proxy = await startFaultProxy(server.url)
const SOON = { freshFor: 5_000, patience: 100 }
const PATIENT = { freshFor: 5_000, patience: 10_000 }
const app = parseRepositoryName('team/app')
const one = parseTag('1')

let clock: SettableClock
let registry: Registry
let repository: Repository
let reader: CatalogReader
beforeEach(() => {
  proxy.clear()
  proxy.requests.length = 0
  clock = new SettableClock()
  registry = createHttpRegistry({
    name: 'hub',
    url: proxy.url,
    timeouts: { retry: 1, headers: 2_000, longestWait: 10 },
  })
  repository = registry.repository(app)
  reader = new CatalogReader(new MemoryCatalog({ clock }), { clock, grace: 50 })
})
afterAll(async () => {
  await proxy.stop()
  await server.stop()
})

/** distribution refuses larger pages, which is asked only once. */
const lists = () => proxy.requests.filter(({ path }) => /_catalog\?n=1000$/.test(path)).length
const tags = async () => (await reader.catalog.tags(placeOf(repository)))?.value.tags

test('readers of a list that changes while it is read get the new list, not a failure', async () => {
  await reader.refreshTags(repository, PATIENT)
  clock.pass(5_001)
  const answers = Promise.withResolvers<void>()
  const changes = Promise.withResolvers<void>()
  const run = () => {
    changes.resolve()
    return answers.promise
  }
  proxy.on({ path: '/tags/list', nth: 1, fault: { kind: 'run', run } })
  const reading = reader.refreshTags(repository, PATIENT)
  await changes.promise
  await pushImage(server.url, 'team/app', ['3'])
  await reader.changed(placeOf(repository))
  expect(await reading).toEqual({})
  expect(await tags()).toContain('3')
  answers.resolve()
  await call(server.url, 'DELETE', `/v2/team/app/manifests/${await digestOfTag(server.url, 'team/app', '3')}`, [202])
  await pushImage(server.url, 'team/app', ['1', '2'])
  await reader.changed(placeOf(repository))
})

describe('the list of repositories', () => {
  test('is requested once by all its readers at the time, and again when old', async () => {
    const [a, b] = await Promise.all([reader.repositories(registry, PATIENT), reader.repositories(registry, PATIENT)])
    expect(a.value.sorted).toEqual(['team/app'])
    expect(a.value).toBe(b.value)
    expect(lists()).toBe(1)
    clock.pass(5_001)
    await reader.repositories(registry, PATIENT)
    expect(lists()).toBe(2)
  })

  test('is requested again in time although the clock was set back', async () => {
    await reader.repositories(registry, PATIENT)
    clock.pass(5_001)
    clock.set(-3_600_000)
    await reader.repositories(registry, PATIENT)
    expect(lists()).toBe(2)
  })

  test('is requested again after a change and on demand', async () => {
    await reader.repositories(registry, PATIENT)
    await reader.changed(placeOf(repository))
    await reader.repositories(registry, PATIENT)
    await reader.registryChanged('hub')
    await reader.repositories(registry, PATIENT)
    expect(lists()).toBe(3)
  })

  test('that was never seen is a failure, not an empty list', async () => {
    proxy.on({ fault: { kind: 'answer', status: 503 } })
    await expect(reader.repositories(registry, PATIENT)).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('stays, with its age and the reason, while the registry is down', async () => {
    const { seenAt } = await reader.repositories(registry, PATIENT)
    clock.pass(3 * 3_600_000)
    proxy.on({ fault: { kind: 'answer', status: 503 } })
    const seen = await reader.repositories(registry, PATIENT)
    expect(seen).toMatchObject({ value: { sorted: ['team/app'] }, seenAt, age: 3 * 3_600_000 })
    expect(seen.failure).toMatchObject({ kind: 'unavailable' })
  })

  for (const [status, kind] of [
    [401, 'unauthorized'],
    [400, 'invalid'],
  ] as const)
    test(`isn’t shown in place of the answer ${status}`, async () => {
      await reader.repositories(registry, PATIENT)
      await reader.refreshTags(repository, PATIENT)
      clock.pass(60_000)
      proxy.on({ fault: { kind: 'answer', status } })
      await expect(reader.repositories(registry, PATIENT)).rejects.toMatchObject({ kind })
      await expect(reader.refreshTags(repository, PATIENT)).rejects.toMatchObject({ kind })
      await expect(reader.refreshTags(repository, PATIENT)).rejects.toMatchObject({ kind })
    })

  test('of a hanging registry is awaited no longer than the caller can, and the known one is shown', async () => {
    proxy.on({ fault: { kind: 'slow-headers', ms: 60_000 } })
    const start = performance.now()
    expect(await reader.repositories(registry, SOON)).toMatchObject({ value: { sorted: [] }, isListing: true })
    await reader.catalog.recordRepository(placeOf(repository))
    expect(await reader.repositories(registry, SOON)).toMatchObject({
      value: { sorted: ['team/app'] },
      isListing: true,
    })
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('a registry that failed', () => {
  const fails = () => reader.repositories(registry, PATIENT).catch((error) => error.kind)

  test('is said to have failed until a registry that was down answers', async () => {
    await reader.repositories(registry, PATIENT)
    clock.pass(60_000)
    proxy.on({ fault: { kind: 'answer', status: 503 } })
    expect((await reader.repositories(registry, PATIENT)).failure).toMatchObject({ kind: 'unavailable' })
    proxy.clear()
    proxy.on({ fault: { kind: 'slow-headers', ms: 500 } })
    clock.pass(60_000)
    expect((await reader.repositories(registry, SOON)).failure).toMatchObject({ kind: 'unavailable' })
    const answered = await reader.repositories(registry, PATIENT)
    expect([answered.failure, answered.isListing]).toEqual([undefined, undefined])
  })

  test('isn’t asked by every page, and less often the longer it fails', async () => {
    const stop = proxy.on({ fault: { kind: 'answer', status: 503 } })
    expect(await fails()).toBe('unavailable')
    const once = lists()
    expect(await fails()).toBe('unavailable')
    expect(lists()).toBe(once)
    clock.pass(2_001)
    await fails()
    expect(lists()).toBe(once * 2)
    clock.pass(2_001)
    await fails()
    expect(lists()).toBe(once * 2)
    stop()
    clock.pass(2_000)
    expect((await reader.repositories(registry, PATIENT)).value.sorted).toEqual(['team/app'])
  })

  test('is asked at once on retry', async () => {
    const stop = proxy.on({ fault: { kind: 'answer', status: 503 } })
    await fails()
    stop()
    expect(await fails()).toBe('unavailable')
    await reader.registryChanged('hub')
    expect((await reader.repositories(registry, PATIENT)).value.sorted).toEqual(['team/app'])
  })
})

describe('a long list of tags', () => {
  /** As a registry of 30 pages that takes its time over each. */
  const paged = () =>
    proxy.on({
      path: '/tags/list',
      fault: {
        kind: 'handle',
        answer: async ({ url = '' }, response) => {
          const at = Number(new URL(url, proxy.url).searchParams.get('last') ?? 0)
          await new Promise((resolve) => setTimeout(resolve, 20))
          const link = at < 29 ? { link: `</v2/team/app/tags/list?n=1&last=${at + 1}>; rel="next"` } : {}
          response.writeHead(200, { 'content-type': 'application/json', ...link })
          response.end(JSON.stringify({ name: 'team/app', tags: [`v${at}`] }))
        },
      },
    })
  const asked = () => proxy.requests.filter(({ path }) => path.includes('/tags/list')).length

  test('shows its beginning as a partial list while it is being read', async () => {
    paged()
    expect(await reader.refreshTags(repository, SOON)).toEqual({ isListing: true })
    const seen = await reader.catalog.tags(placeOf(repository))
    expect(seen?.value.partial).toBe('still being listed')
    expect(seen?.value.tags.length).toBeGreaterThan(0)
    expect(await reader.refreshTags(repository, PATIENT)).toEqual({})
    expect((await reader.catalog.tags(placeOf(repository)))?.value).toMatchObject({ tags: { length: 30 } })
    expect(asked()).toBe(30)
  })

  test('stops when its last reader leaves, and continues from there when one returns', async () => {
    paged()
    await reader.refreshTags(repository, SOON)
    await new Promise((resolve) => setTimeout(resolve, 150))
    const paused = asked()
    expect(paused).toBeLessThan(20)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(asked()).toBe(paused)
    await reader.refreshTags(repository, PATIENT)
    expect(await tags()).toHaveLength(30)
    expect(asked()).toBe(30)
  })

  test('isn’t read again by every view: the more requests it takes, the older it may be', async () => {
    paged()
    const view = { ...PATIENT, freshPerPage: 1_000 }
    await reader.refreshTags(repository, view)
    clock.pass(29_000)
    await reader.refreshTags(repository, view)
    expect(asked()).toBe(30)
    await reader.refreshTags(repository, PATIENT)
    expect(asked()).toBe(60)
    clock.pass(30_001)
    await reader.refreshTags(repository, view)
    expect(asked()).toBe(90)
    await reader.changed(placeOf(repository))
    await reader.refreshTags(repository, view)
    expect(asked()).toBe(120)
  })

  test('continues while somebody follows it, and reports its progress', async () => {
    paged()
    await reader.refreshTags(repository, SOON)
    const signal = new AbortController().signal
    const seen: number[] = []
    for await (const { total, isListing } of reader.followTags(repository, { resolve: false, every: 30, signal })) {
      expect(isListing).toBe(true)
      seen.push(total)
    }
    expect(seen.length).toBeGreaterThan(3)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(await tags()).toHaveLength(30)
  })

  test('is abandoned on a change, after which its reader starts over', async () => {
    paged()
    await reader.refreshTags(repository, SOON)
    await reader.changed(placeOf(repository))
    proxy.clear()
    expect(await reader.refreshTags(repository, PATIENT)).toEqual({})
    expect(new Set(await tags())).toEqual(new Set(['1', '2']))
  })

  test('ends in bounded time although its repository changes all the while, and is old at once', async () => {
    paged()
    const changing = setInterval(() => reader.changed(placeOf(repository)), 50)
    try {
      expect(await reader.refreshTags(repository, PATIENT)).toEqual({})
      expect(await tags()).toHaveLength(30)
      // Two lists: the one that the first change stopped, and the one that the next ones didn’t.
      expect(asked()).toBeLessThanOrEqual(60)
    } finally {
      clearInterval(changing)
    }
    expect((await reader.catalog.tags(placeOf(repository)))?.age).toBe(Number.POSITIVE_INFINITY)
  })

  test('that lacks a change isn’t what a reader after that change gets', async () => {
    paged()
    const first = reader.refreshTags(repository, PATIENT)
    for (const before of [5, 10]) {
      await expect.poll(asked).toBeGreaterThan(before)
      await reader.changed(placeOf(repository))
    }
    const second = reader.refreshTags(repository, PATIENT)
    expect(await first).toEqual({})
    expect((await reader.catalog.tags(placeOf(repository)))?.age).toBe(Number.POSITIVE_INFINITY)
    proxy.clear()
    expect(await second).toEqual({})
    const seen = await reader.catalog.tags(placeOf(repository))
    expect(new Set(seen?.value.tags)).toEqual(new Set(['1', '2']))
    expect(seen?.age).toBe(0)
  })
})

describe('what a tag points at', () => {
  test('is requested once by all its readers at the time, and kept', async () => {
    const [a, b] = await Promise.all([reader.tag(repository, one, 5_000), reader.tag(repository, one, 5_000)])
    expect(a).toBe(b)
    expect(await reader.tag(repository, one, 5_000)).toBe(a)
    expect(proxy.count('GET', '/manifests/1')).toBe(1)
  })

  test('isn’t requested again by a reader that looks it up while the answer arrives', async () => {
    const catalog = new MemoryCatalog({ clock })
    const slow = new CatalogReader(catalog, { clock })
    proxy.on({ path: '/manifests/', fault: { kind: 'slow-headers', ms: 200 } })
    const first = slow.tag(repository, one, 5_000)
    await expect.poll(() => proxy.requests.length).toBe(1)
    catalog.tagRecords = async (...asked) => {
      const seen = await MemoryCatalog.prototype.tagRecords.apply(catalog, asked)
      await first
      return seen
    }
    const second = await slow.tag(repository, one, 5_000)
    expect(second).toEqual(await first)
    expect(proxy.count('GET', '/manifests/1')).toBe(1)
  })

  test('isn’t kept if the repository changed during the request', async () => {
    proxy.on({ path: '/manifests/1', nth: 1, fault: { kind: 'slow-headers', ms: 100 } })
    const asking = reader.tag(repository, one, 5_000)
    await expect.poll(() => proxy.count('GET', '/manifests/1')).toBe(1)
    await reader.changed(placeOf(repository))
    await asking
    await reader.tag(repository, one, 5_000)
    expect(proxy.count('GET', '/manifests/1')).toBe(2)
  })

  test('is found to be gone by one GET, as a HEAD alone proves nothing', async () => {
    await pushImage(server.url, 'team/app', ['gone'], { labels: { about: 'gone' } })
    const gone = parseTag('gone')
    await reader.tag(repository, gone, 5_000)
    await call(server.url, 'DELETE', `/v2/team/app/manifests/${await digestOfTag(server.url, 'team/app', 'gone')}`)
    clock.pass(5_001)
    proxy.requests.length = 0
    expect(await reader.tag(repository, gone, 5_000)).toMatchObject({ ok: false })
    expect(proxy.requests.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
  })

  test('is kept as an error if it can’t be read; an outage isn’t', async () => {
    proxy.on({ path: '/manifests/1', nth: 1, fault: { kind: 'answer', status: 200, body: '<html>' } })
    expect(await reader.tag(repository, one, 5_000)).toMatchObject({ ok: false })
    expect((await reader.catalog.tagRecords(placeOf(repository), [one])).get(one)?.value.ok).toBe(false)
    proxy.on({ path: '/manifests/2', fault: { kind: 'answer', status: 503 } })
    await expect(reader.tag(repository, parseTag('2'), 5_000)).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await reader.catalog.tagRecords(placeOf(repository), [parseTag('2')])).size).toBe(0)
  })
})

describe('reading all tags', () => {
  const many = async (count: number) => {
    const names = Array.from({ length: count }, (_, index) => parseTag(`t${index}`))
    await reader.catalog.recordTags(placeOf(repository), { tags: names, folded: [] })
    // Each is the manifest of tag 1, a moment later.
    proxy.on({ path: /manifests\/t\d+/, fault: { kind: 'slow-headers', ms: 20 } })
    await pushImage(server.url, 'team/app', names)
  }
  const asked = () => proxy.requests.filter(({ path }) => /manifests\/t\d/.test(path)).length

  test('stops when the last reader leaves', async () => {
    await many(400)
    await reader.resolveTags(repository, 50)
    // What is on its way when the reader leaves still comes, later on a busy machine.
    let stopped: number
    do {
      stopped = asked()
      await new Promise((resolve) => setTimeout(resolve, 400))
    } while (asked() > stopped)
    expect(stopped).toBeLessThan(300)
  })

  test('continues with the rest while somebody follows', async () => {
    await many(100)
    const { signal } = new AbortController()
    let last: unknown
    for await (const progress of reader.followTags(repository, { resolve: true, every: 20, signal })) last = progress
    expect(last).toEqual({ total: 100, known: 100, isListing: false })
    expect(asked()).toBe(100)
  })

  test('gives up on a registry that is down, and says so', async () => {
    await many(200)
    proxy.clear()
    proxy.on({ fault: { kind: 'answer', status: 503 } })
    const { signal } = new AbortController()
    const following = reader.followTags(repository, { resolve: true, every: 20, signal })
    const follow = async () => {
      for await (const progress of following) expect(progress.known).toBe(0)
    }
    await expect(follow()).rejects.toMatchObject({ kind: 'unavailable' })
    expect(new Set(proxy.requests.map(({ path }) => path)).size).toBeLessThan(100)
  })
})
