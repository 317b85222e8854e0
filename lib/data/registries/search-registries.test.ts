import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'

// The real data layer over one real registry, behind proxies that add the search which it lacks. `open` lists its
// repositories, `hidden` refuses to, and `named` does so with one in the configuration.
const server = await startDockerRegistry()
const open = await startFaultProxy(server.url)
const hidden = await startFaultProxy(server.url)
const named = await startFaultProxy(server.url)
const folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
const rights = { groups: [], readOnly: false } as const
const anna: Actor = { kind: 'user', username: 'anna', role: 'admin', grants: [], ...rights }
const bo: Actor = {
  kind: 'user',
  username: 'bo',
  role: 'none',
  grants: [{ subject: { user: 'bo' }, role: 'viewer', registry: 'hidden', repository: 'web/**', allow: [] }],
  ...rights,
}
const found = JSON.stringify({ results: [{ name: 'web/shop' }, { name: 'secret/shop' }] })
const search = { path: '/v1/search', fault: { kind: 'answer', status: 200, body: found } } as const

beforeAll(async () => {
  const registries = [
    `  - { name: open, url: ${open.url} }`,
    `  - { name: hidden, url: ${hidden.url} }`,
    `  - { name: named, url: ${named.url}, repositories: [team/known] }`,
  ]
  await writeFile(join(folder, 'lading.yaml'), `registries:\n${registries.join('\n')}\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  open.on(search)
  for (const each of [hidden, named]) {
    each.on({ path: '/_catalog', fault: { kind: 'answer', status: 401 } })
    each.on(search)
  }
})
afterAll(async () => {
  for (const each of [open, hidden, named, server]) await each.stop()
  await rm(folder, { recursive: true, force: true })
})

const ask = async (actor: Actor) => (await import('./search-registries.ts')).searchRegistries(actor, 'shop')

test('searches only registries that don’t list their repositories', async () => {
  const names = ['web/shop', 'secret/shop']
  expect(await ask(anna)).toEqual([
    { registry: 'hidden', names: { ok: true, value: names } },
    { registry: 'named', names: { ok: true, value: names } },
  ])
  expect(open.count('GET', '/v1/search')).toBe(0)
})

test('shows results only to people with access, and asks registries for nobody else', async () => {
  const before = named.count('GET', '/v1/search')
  expect(await ask(bo)).toEqual([{ registry: 'hidden', names: { ok: true, value: ['web/shop'] } }])
  expect(named.count('GET', '/v1/search')).toBe(before)
  const nobody: Actor = { kind: 'anonymous', role: 'none', grants: [], readOnly: false }
  expect(await ask(nobody)).toEqual([])
})

test('reports a failed search, and shows the others’ results', async () => {
  named.clear()
  named.on({ path: '/v1/search', fault: { kind: 'answer', status: 503 } })
  const [first, second] = await ask(anna)
  expect(first).toMatchObject({ registry: 'hidden', names: { ok: true } })
  expect(second).toMatchObject({ registry: 'named', names: { ok: false, problem: { code: 'registry.unavailable' } } })
})
