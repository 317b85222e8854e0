import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { pushImage } from '../../testing/servers/images.ts'

// Fault row 21: a registry that accepts connections and never answers, beside one that works.
const server = await startDockerRegistry()
const hung = await startFaultProxy(server.url)
const folder = await mkdtemp(join(tmpdir(), 'lading-hung-'))
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const app = parseRepositoryName('team/app')
const entries = { names: '', namesPage: 1 }
const tags = { q: '', sort: 'version', dir: 'desc', page: 1, ...entries } as const

beforeAll(async () => {
  await pushImage(server.url, app, ['1'])
  hung.on({ fault: { kind: 'slow-headers', ms: 120_000 } })
  const config = `registries:
  - { name: good, url: ${server.url} }
  - { name: hung, url: ${hung.url} }
  - { name: named, url: ${hung.url}, repositories: [team/configured] }
`
  await writeFile(join(folder, 'lading.yaml'), config)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  for (const each of [hung, server]) await each.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Whether `answer` is still awaited once everything that is ready has been handled. */
async function isPending(answer: unknown): Promise<boolean> {
  const isHandled = new Promise((resolve) => setImmediate(() => resolve(PENDING)))
  return (await Promise.race([answer, isHandled])) === PENDING
}
const PENDING = Symbol('pending')

async function timed<T>(work: () => T | Promise<T>): Promise<{ value: T; took: number }> {
  const start = performance.now()
  const value = await work()
  return { value, took: performance.now() - start }
}

test('doesn’t hold up the frame: its part of the tree follows later', async () => {
  const { readSidebar } = await import('./read-sidebar.ts')
  await (await readSidebar(anna, '/')).registries[0]?.root
  const value = await readSidebar(anna, '/')
  const roots = new Map(value.registries.map(({ name, root }) => [name, root]))
  expect(roots.get('good')).toMatchObject({ total: 1, entries: [{ path: 'team' }] })
  expect(await isPending(roots.get('hung'))).toBe(true)
  const late = await timed(() => roots.get('hung'))
  expect(late.value).toMatchObject({ total: 0, isListing: true })
  expect(late.took).toBeLessThan(10_000)
})

test('shows the configured repositories without being asked', async () => {
  const { readRegistry } = await import('./read-repositories.ts')
  const { listing } = await readRegistry(anna, 'named', entries)
  expect(listing).toMatchObject({
    ok: true,
    value: { page: { total: 1 }, isListing: true, partial: expect.any(String) },
  })
})

test('holds up only its own card on home', async () => {
  const { readRegistries } = await import('./read-repositories.ts')
  const { registries } = await readRegistries(anna, entries)
  const overviewOf = (registry: string) => registries.find(({ name }) => name === registry)?.overview
  const good = await overviewOf('good')
  expect(good?.listing).toMatchObject({ ok: true, value: { page: { total: 1 }, isListing: false } })
  expect(await isPending(overviewOf('hung'))).toBe(true)
})

test('is awaited for two seconds by its own pages, which say so', async () => {
  const { readPath } = await import('./read-path.ts')
  const { value, took } = await timed(() => readPath(anna, { registry: 'hung', repository: app }, tags))
  expect(took).toBeLessThan(10_000)
  expect(value.tags).toMatchObject({ isListing: true, total: 0, rows: [] })
})

test('is asked at once on retry after it recovers', async () => {
  const { readRegistry, refresh } = await import('./read-repositories.ts')
  hung.clear()
  hung.on({ fault: { kind: 'reset' } })
  await refresh(anna, 'hung')
  const failing = await readRegistry(anna, 'hung', entries)
  expect(failing.listing).toMatchObject({ ok: false, problem: { code: 'registry.unreachable' } })
  hung.clear()
  const asked = hung.requests.length
  expect((await readRegistry(anna, 'hung', entries)).listing.ok).toBe(false)
  expect(hung.requests.length).toBe(asked)
  await refresh(anna, 'hung')
  expect((await readRegistry(anna, 'hung', entries)).listing).toMatchObject({ ok: true, value: { page: { total: 1 } } })
})
