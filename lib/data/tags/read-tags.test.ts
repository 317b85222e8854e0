import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'

// The real data layer over a real registry, straight and through a proxy that lists its tags as Google's registries do.
const server = await startDockerRegistry()
const google = await startFaultProxy(server.url)
const folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const state = { q: '', sort: 'version', dir: 'desc', page: 1, names: '', namesPage: 1 } as const
const app = parseRepositoryName('team/app')
const many = parseRepositoryName('team/many')

beforeAll(async () => {
  const registries = `registries:\n  - { name: plain, url: ${server.url} }\n  - { name: google, url: ${google.url} }\n`
  await writeFile(join(folder, 'lading.yaml'), registries)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  const registry = createHttpRegistry({ name: 'direct', url: server.url })
  const old = await putImage(registry.repository(app), { tags: ['1.0'], created: '2026-01-01T00:00:00Z' })
  await putImage(registry.repository(app), { tags: ['1.1'], created: '2026-02-01T00:00:00Z' })
  const image = await putImage(registry.repository(many))
  const names = Array.from({ length: 110 }, (_, index) => parseTag(`1.${index}`))
  await mapConcurrent(names, (name) => registry.repository(many).putManifest(name, image))
  await registry.close()
  const manifest = { [old.digest]: { tag: ['1.0'], timeUploadedMs: String(Date.parse('2026-03-01T00:00:00Z')) } }
  const body = JSON.stringify({ name: app, tags: ['1.0', '1.1'], manifest })
  google.on({ path: '/team/app/tags/list', fault: { kind: 'answer', status: 200, body } })
})
afterAll(async () => {
  for (const each of [google, server]) await each.stop()
  await rm(folder, { recursive: true, force: true })
})

const pageOf = async (registry: string, name = app) => {
  const { readTagPage } = await import('./read-tags.ts')
  return readTagPage(anna, { registry, repository: name }, state)
}

test('a page says which tag was built last, and claims nothing about unobserved pushes', async () => {
  const { newest, rows } = await pageOf('plain')
  expect(newest).toMatchObject({ tag: '1.1', time: '2026-02-01T00:00:00Z', evidence: 'image-created', unknown: 0 })
  for (const { row } of rows) expect(await row).not.toHaveProperty('value.uploaded')
})

test('a page says when images were uploaded if the registry does, and uses that alone', async () => {
  const { newest, rows } = await pageOf('google')
  const time = '2026-03-01T00:00:00.000Z'
  expect(newest).toMatchObject({ tag: '1.0', time, evidence: 'pushed', source: google.host, unknown: 1 })
  const uploaded = await Promise.all(rows.map(async ({ tag, row }) => [tag, await row]))
  expect(Object.fromEntries(uploaded)).toMatchObject({
    '1.0': { value: { uploaded: time, created: '2026-01-01T00:00:00Z' } },
    '1.1': { value: { created: '2026-02-01T00:00:00Z' } },
  })
  expect(Object.fromEntries(uploaded)['1.1']).not.toHaveProperty('value.uploaded')
})

test('an empty page is no error, and claims no age', async () => {
  const { readTagPage } = await import('./read-tags.ts')
  const page = await readTagPage(anna, { registry: 'plain', repository: app }, { ...state, q: 'nope' })
  expect(page).toMatchObject({ rows: [] })
  expect(page.rowsSeenAt).toBeUndefined()
})

test('a page reads only its own rows to find the newest tag', async () => {
  google.requests.length = 0
  const { newest, rows } = await pageOf('google', many)
  await Promise.all(rows.map(({ row }) => row))
  expect(newest).toBeUndefined()
  expect(google.requests.filter(({ path }) => path.includes('/manifests/'))).toHaveLength(100)
})

test('shows known rows with their age while a slow registry is asked, until it answers', async () => {
  await pageOf('google')
  // Younger rows aren't asked for again.
  await setTimeout(5_100)
  const slow = google.on({ path: '/team/app/manifests/', fault: { kind: 'slow-headers', ms: 5_000 } })
  const started = performance.now()
  const page = await pageOf('google')
  expect(performance.now() - started).toBeLessThan(4_500)
  expect(page.rows.map(({ row }) => row)).toMatchObject([{ ok: true }, { ok: true }])
  expect(Date.now() - Date.parse(page.rowsSeenAt ?? '')).toBeGreaterThan(5_000)
  await expect.poll(async () => (await pageOf('google')).rowsSeenAt).toBeUndefined()
  slow()
})

test('asks for the rows that it showed last while the list of tags is still being read', async () => {
  const { catalogOf } = await import('../../catalog/the-catalog.ts')
  const { openRepository } = await import('../registries/open.ts')
  const place = { registry: 'google', repository: many }
  // Until nothing is asked any more.
  await expect.poll(async () => (await pageOf('google', many)).rowsSeenAt).toBeUndefined()
  await catalogOf(openRepository(anna, 'browse', place).registry).changed(place)
  google.requests.length = 0
  const asked = () => google.requests.filter(({ path }) => path.includes('/manifests/')).length
  const run = () => expect.poll(asked).toBeGreaterThan(0)
  const waiting = google.on({ path: `/${many}/tags/list`, fault: { kind: 'run', run } })
  const { isListing, rows } = await pageOf('google', many)
  expect(isListing).toBe(false)
  // And for none of them twice.
  await Promise.all(rows.map(({ row }) => row))
  expect(asked()).toBe(100)
  waiting()
})

test('a search for tags says whether the list of them is whole', async () => {
  const { searchTags } = await import('./read-tags.ts')
  const cut = parseRepositoryName('team/cut')
  const path = `/v2/${cut}/tags/list`
  google.on({ path: 'last=1.0', fault: { kind: 'answer', status: 500 } })
  const body = JSON.stringify({ name: cut, tags: ['1.0'] })
  const headers = { link: `<${path}?last=1.0>; rel="next"` }
  google.on({ path, fault: { kind: 'answer', status: 200, headers, body } })
  const search = (registry: string, repository: typeof app) => searchTags(anna, { registry, repository }, '9.9')
  expect(await search('plain', app)).toEqual({ tags: [], total: 0, isWhole: true })
  expect(await search('google', cut)).toEqual({ tags: [], total: 0, isWhole: false })
})
