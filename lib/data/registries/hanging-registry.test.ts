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

async function timed<T>(work: () => T | Promise<T>): Promise<{ value: T; took: number }> {
  const start = performance.now()
  const value = await work()
  return { value, took: performance.now() - start }
}

test('doesn’t hold up the frame: its part of the tree follows later', async () => {
  const { readSidebar } = await import('./read-sidebar.ts')
  await (await readSidebar(anna, '/')).registries[0]?.root
  const { value, took } = await timed(() => readSidebar(anna, '/'))
  expect(took).toBeLessThan(500)
  const roots = new Map(value.registries.map(({ name, root }) => [name, root]))
  expect(roots.get('good')).toMatchObject({ total: 1, entries: [{ path: 'team' }] })
  expect(roots.get('hung')).toBeInstanceOf(Promise)
  const late = await timed(() => roots.get('hung'))
  expect(late.value).toMatchObject({ total: 0, isListing: true })
  expect(late.took).toBeLessThan(2_500)
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
  const { value, took } = await timed(() => readRegistries(anna, entries))
  expect(took).toBeLessThan(100)
  const good = await timed(() => value.registries.find(({ name }) => name === 'good')?.overview)
  expect(good.took).toBeLessThan(1_000)
  expect(good.value?.listing).toMatchObject({ ok: true, value: { page: { total: 1 }, isListing: false } })
})

test('is awaited for two seconds by its own pages, which say so', async () => {
  const { readPath } = await import('./read-path.ts')
  const { value, took } = await timed(() => readPath(anna, 'hung', app, tags))
  expect(took).toBeLessThan(4_000)
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
