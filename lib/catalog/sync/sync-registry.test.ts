import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { collect } from '../../registry/listing.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { call, digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { catalogDatabase } from '../database/catalog-database.ts'
import { DatabaseCatalog } from '../database/database-catalog.ts'
import { tagEvents } from '../database/tag-events.ts'
import { CatalogReader } from '../read-through/catalog-reader.ts'
import { syncRegistry } from './sync-registry.ts'
import { syncStates } from './sync-runs.ts'

// A real registry behind a proxy that fails and counts.
describeEachDatabase('a sync', (databases) => {
  let server: DockerRegistry
  let proxy: FaultProxy
  let store: Store
  const registry = () =>
    createHttpRegistry({ name: 'hub', url: proxy.url, timeouts: { retry: 1, headers: 2_000, longestWait: 10 } })
  const list = async () => {
    const { items, end } = await collect(registry().repositories())
    return { sorted: items.sort(), ...(!end.complete && { partial: end.reason }) }
  }
  const sync = async (options: { everything?: boolean; signal?: AbortSignal; now?: () => number } = {}) =>
    syncRegistry(store, registry(), await list(), {
      everything: true,
      signal: new AbortController().signal,
      ...options,
    })
  const events = async (repository: string) =>
    (
      await tagEvents(catalogDatabase(store), {
        visibility: new Map([['hub', ['**']]]),
        registry: 'hub',
        repository: parseRepositoryName(repository),
        limit: 100,
      })
    ).events.map(({ kind, tag, how }) => `${tag} ${kind} (${how})`)
  const tags = async (repository: string) =>
    (
      await sql<{ name: string; problem: string | null }>`
        select tag.name, tag.problem from tag join repository r on r.id = tag.repository_id
        where r.name = ${repository} order by tag.name`.execute(store.read)
    ).rows

  beforeAll(async () => {
    server = await startDockerRegistry()
    proxy = await startFaultProxy(server.url)
    await pushImage(server.url, 'team/api', ['1', '2'], { labels: { team: 'quay' } })
    await pushImage(server.url, 'team/web', ['1', 'latest'])
  })
  afterAll(async () => {
    await proxy?.stop()
    await server?.stop()
  })
  beforeEach(async () => {
    await store?.close()
    store = await openStore(await databases.create())
    proxy.clear()
    proxy.requests.length = 0
  })
  afterAll(() => store?.close())

  it('records every tag, and asks only for digests once nothing has changed', async () => {
    expect(await sync()).toMatchObject({ done: 2, total: 2, failed: 0, tags: 4, problems: 0 })
    expect((await events('team/api')).sort()).toEqual(['1 seen (sync)', '2 seen (sync)'])
    proxy.requests.length = 0
    await sync()
    expect(proxy.requests.filter(({ method, path }) => method === 'GET' && /manifests|blobs/.test(path))).toEqual([])
    expect(proxy.requests.filter(({ method }) => method === 'HEAD')).toHaveLength(4)
  })

  const remove = async (repository: string, tag: string) => {
    const digest = await digestOfTag(server.url, repository, tag)
    await call(server.url, 'DELETE', `/v2/${repository}/manifests/${digest}`, [202])
  }

  it('records lists of tags, so that they can be shown while the registry is down', async () => {
    const at = Date.now() - 3_600_000
    await sync({ now: () => at })
    const catalog = new DatabaseCatalog(store)
    const seen = await catalog.tags(API)
    expect(seen?.value).toEqual({ tags: ['1', '2'], folded: [] })
    expect(Math.abs((seen?.seenAt ?? 0) - at)).toBeLessThan(1_000)
    expect((await catalog.tagCounts(API))?.value).toEqual({ total: 2, known: 2 })
    const [one] = (await catalog.tagPage(API, PAGE))?.value.tags ?? []
    expect(one && (await catalog.tagRecords(API, [one])).get(one)?.value).toMatchObject({ ok: true })
  })

  it('keeps the list that a page has read after the sync began', async () => {
    const catalog = new DatabaseCatalog(store)
    await catalog.recordTags(API, { tags: [parseTag('1')], folded: [], partial: 'page 2 failed' })
    await sync({ now: () => Date.now() - 60_000 })
    expect((await catalog.tags(API))?.value).toMatchObject({ tags: ['1'], partial: 'page 2 failed' })
    await sync()
    expect((await catalog.tags(API))?.value).toEqual({ tags: ['1', '2'], folded: [] })
  })

  it('leaves a list out of date if the repository changed while it was read', async () => {
    await sync()
    const catalog = new DatabaseCatalog(store)
    const syncing = sync()
    proxy.on({ path: '/team/api/tags/list', fault: { kind: 'slow-headers', ms: 200 } })
    await expect.poll(() => proxy.count('GET', '/team/api/tags/list')).toBe(2)
    await catalog.changed(API)
    await syncing
    expect((await catalog.tags(API))?.age).toBe(Number.POSITIVE_INFINITY)
  })

  it('reports which tags appeared and moved since the last one', async () => {
    await pushImage(server.url, 'moving', ['latest'])
    await sync()
    await pushImage(server.url, 'moving', ['latest', '2.0'], { labels: { version: '2' } })
    await sync()
    expect(await events('moving')).toEqual(
      expect.arrayContaining(['latest moved (sync)', '2.0 appeared (sync)', 'latest seen (sync)']),
    )
  })

  it('counts no tag as a problem that is deleted after it was listed', async () => {
    await pushImage(server.url, 'moving', ['known'], { labels: { name: 'known' } })
    await pushImage(server.url, 'moving', ['brief'], { labels: { name: 'brief' } })
    const removeBefore = (tag: string) =>
      proxy.on({
        method: 'HEAD',
        path: `/moving/manifests/${tag}`,
        nth: 1,
        fault: { kind: 'run', run: () => remove('moving', tag) },
      })
    removeBefore('brief')
    expect(await sync()).toMatchObject({ problems: 0 })
    expect(await tags('moving')).toContainEqual({ name: 'known', problem: null })
    expect((await tags('moving')).map(({ name }) => name)).not.toContain('brief')
    removeBefore('known')
    expect(await sync()).toMatchObject({ problems: 0 })
    expect(await events('moving')).toContain('known gone (sync)')
    expect(await new DatabaseCatalog(store).tags(MOVING)).toMatchObject({
      value: { tags: expect.not.arrayContaining(['known']) },
    })
  })

  it('counts no tag as a problem that is deleted or moved between its HEAD and its GET', async () => {
    const { digest } = await pushImage(server.url, 'moving', ['short', 'stays'], { labels: { name: 'short' } })
    const change = async () => {
      await remove('moving', 'short')
      await pushImage(server.url, 'moving', ['stays'], { labels: { name: 'stays' } })
    }
    proxy.on({ method: 'GET', path: `/moving/manifests/${digest}`, nth: 1, fault: { kind: 'run', run: change } })
    expect(await sync()).toMatchObject({ problems: 0 })
    expect(await tags('moving')).toContainEqual({ name: 'stays', problem: null })
    expect((await tags('moving')).map(({ name }) => name)).not.toContain('short')
    await remove('moving', 'stays')
  })

  it('says of a tag that moved and came back while it was read only where it is', async () => {
    const push = (at: string) => pushImage(server.url, 'moving', ['back'], { labels: { at } })
    await push('first')
    await sync()
    const { digest } = await push('meanwhile')
    const run = async () => {
      await push('first')
      await new CatalogReader(new DatabaseCatalog(store)).tag(
        registry().repository(MOVING.repository),
        parseTag('back'),
        0,
      )
    }
    proxy.on({ method: 'GET', path: `/moving/manifests/${digest}`, nth: 1, fault: { kind: 'run', run } })
    await sync()
    expect((await events('moving')).filter((event) => event.startsWith('back'))).toEqual(['back seen (sync)'])
    await remove('moving', 'back')
  })

  it('considers a tag deleted only when a complete list lacks it and a GET confirms it', async () => {
    const { digest } = await pushImage(server.url, 'going', ['only'])
    await sync()
    // The list lies: the tag is there.
    const stop = proxy.on({ path: '/going/tags/list', fault: answer({ name: 'going', tags: [] }) })
    await sync()
    expect(await tags('going')).toMatchObject([{ name: 'only' }])
    stop()
    await fetch(`${server.url}/v2/going/manifests/${digest}`, { method: 'DELETE' })
    proxy.requests.length = 0
    await sync()
    expect(await tags('going')).toEqual([])
    expect(await events('going')).toEqual(['only gone (sync)', 'only seen (sync)'])
    expect(proxy.requests.filter(({ path }) => path.includes('/going/manifests/'))).toMatchObject([{ method: 'GET' }])
  })

  it('removes nothing because of a truncated list', async () => {
    await sync()
    proxy.on({
      path: '/team/api/tags/list',
      fault: {
        kind: 'handle',
        answer: ({ url = '' }, response) => {
          if (url.includes('last=')) return void response.writeHead(500).end()
          const link = '</v2/team/api/tags/list?n=1&last=1>; rel="next"'
          response.writeHead(200, { 'content-type': 'application/json', link })
          response.end(JSON.stringify({ name: 'team/api', tags: ['1'] }))
        },
      },
    })
    await sync()
    expect((await tags('team/api')).map(({ name }) => name)).toEqual(['1', '2'])
    expect(await events('team/api')).not.toContain('2 gone (sync)')
  })

  it('records a bad manifest as a problem of its tag and continues', async () => {
    proxy.on({ path: /\/team\/api\/manifests\/(?:sha256|1)/, method: 'GET', fault: answer({ nonsense: true }) })
    expect(await sync()).toMatchObject({ failed: 0 })
    expect((await tags('team/api')).every(({ problem }) => problem !== null)).toBe(true)
    expect((await tags('team/web')).map(({ problem }) => problem)).toEqual([null, null])
  })

  it('checks a repository less often the longer nothing has changed in it', async () => {
    const start = Date.now()
    await sync({ everything: false })
    const hours = (count: number) => () => start + count * 3_600_000
    expect(await sync({ everything: false, now: hours(0.02) })).toMatchObject({ total: 4 })
    await sync({ everything: false, now: hours(100) })
    expect(await sync({ everything: false, now: hours(101) })).toMatchObject({ total: 0 })
    await pushImage(server.url, 'team/api', ['new'], { labels: { n: '1' } })
    await sync({ everything: false, now: hours(120) })
    expect(await sync({ everything: false, now: hours(121) })).toMatchObject({ total: 1 })
  })

  it('reads a repository that came back and then couldn’t be read as soon as the next sync', async () => {
    const start = Date.now()
    const hours = (count: number) => () => start + count * 3_600_000
    const folder = join(server.storage, 'docker/registry/v2/repositories/back')
    await pushImage(server.url, 'back', ['1'])
    await sync({ now: hours(0) })
    await rm(folder, { recursive: true })
    await sync({ now: hours(1) })
    await pushImage(server.url, 'back', ['2'])
    proxy.on({ path: '/back/tags/list', fault: { kind: 'answer', status: 500 } })
    expect(await sync({ now: hours(100) })).toMatchObject({ failed: 1 })
    proxy.clear()
    await sync({ everything: false, now: hours(101) })
    expect(await tags('back')).toMatchObject([{ name: '2' }])
    await rm(folder, { recursive: true })
  })

  it('gives every tag of an image the creation time that a page has read since', async () => {
    const catalog = new DatabaseCatalog(store)
    await sync()
    const tag = parseTag('1')
    const record = (await catalog.tagRecords(API, [tag])).get(tag)?.value
    if (!record?.ok) throw new Error('The tag was not recorded')
    await catalog.recordTag(API, tag, { ok: true, summary: { ...record.summary, created: '2001-02-03T00:00:00Z' } })
    await sync()
    const { rows } = await sql<{ created: number }>`
      select distinct tag.created from tag join repository r on r.id = tag.repository_id
      where r.name = 'team/api' and tag.name in ('1', '2')`.execute(store.read)
    expect(rows).toEqual([{ created: Date.parse('2001-02-03') }])
  })

  it('resumes after its process was killed, and leaves the database sound', async () => {
    for (let serial = 0; serial < 40; serial++) await pushImage(server.url, `many/r${serial}`, ['1'])
    const location = await databases.create()
    proxy.on({ path: '/tags/list', fault: { kind: 'slow-headers', ms: 60 } })
    const run = () => spawn(process.execPath, [PROGRAM, JSON.stringify(location), proxy.url], { stdio: 'pipe' })
    for (let kill = 1; kill <= 4; kill++) {
      const child = run()
      await reached(child, kill * 8)
      const gone = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      await gone
    }
    await store.close()
    store = await openStore(location)
    const { cursor } = (await syncStates(store)).get('hub')?.running ?? {}
    expect(cursor).toMatch(/^many\//)
    if (databases.kind === 'sqlite')
      expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.read)).rows).toEqual([
        { integrity_check: 'ok' },
      ])
    proxy.requests.length = 0
    const { items } = await collect(registry().repositories())
    await sync()
    const listed = new Set(proxy.requests.flatMap(({ path }) => /^\/v2\/(.+)\/tags\/list/.exec(path)?.[1] ?? []))
    expect([...listed].sort()).toEqual(items.filter((name) => name > String(cursor)).sort())
    expect((await syncStates(store)).get('hub')).toMatchObject({ last: { state: 'complete' } })
    const [{ count } = { count: 0 }] = (
      await sql<{ count: number }>`select count(*) as count from repository`.execute(store.read)
    ).rows
    expect(Number(count)).toBe(items.length)
  }, 60_000)

  it('ends when the registry is down, and says so', async () => {
    await sync()
    proxy.on({ path: '/tags/list', fault: { kind: 'answer', status: 503 } })
    await expect(sync()).rejects.toMatchObject({ kind: 'unavailable' })
    expect((await syncStates(store)).get('hub')).toMatchObject({ last: { state: 'failed', problem: 'unavailable' } })
    expect((await tags('team/api')).length).toBeGreaterThan(1)
  })

  it('drops a repository once its registry no longer lists it and it has no tags', async () => {
    await sync()
    await rm(join(server.storage, 'docker/registry/v2/repositories/team/web'), { recursive: true })
    await sync()
    const visible = await catalogDatabase(store).repositories.visible(new Map([['hub', ['**']]]))
    expect(visible.list.map(({ name }) => name)).not.toContain('team/web')
    await pushImage(server.url, 'team/web', ['1', 'latest'])
  })
})

const API = { registry: 'hub', repository: parseRepositoryName('team/api') }
const MOVING = { registry: 'hub', repository: parseRepositoryName('moving') }
const PAGE = { sort: 'version', direction: 'desc', offset: 0, limit: 10 } as const
const PROGRAM = join(import.meta.dirname, 'testing', 'sync-and-be-killed.ts')

function answer(document: unknown) {
  return {
    kind: 'answer' as const,
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  }
}

/** The child says how many repositories are done. */
function reached(child: ReturnType<typeof spawn>, done: number): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (data) => reject(new Error(String(data))))
    child.stdout?.on('data', (data) => {
      if (Number(String(data).trim().split(/\s/).at(-1)) >= done) resolve()
    })
  })
}
