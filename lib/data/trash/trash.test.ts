import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { removeImage } from '../changes/delete-image.ts'
import { undoChange } from '../changes/undo.ts'
import { pruneTrash } from './prune-trash.ts'
import { checkRestorable, readTrash } from './read-trash.ts'

// The real data layer over a real registry.
let folder = ''
let registry: DockerRegistry
let proxy: FaultProxy
const ada: Actor = { kind: 'user', username: 'ada', groups: [], role: 'admin', grants: [], readOnly: false }
const audrey: Actor = { ...ada, username: 'audrey', role: 'auditor' }
const [one, two] = [parseTag('1.0'), parseTag('latest')]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-trash-'))
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${proxy.url}' }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

async function deleted(name: string) {
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  const digest = parseDigest((await pushImage(registry.url, name, [one, two], { labels: { name } })).digest)
  await removeImage(ada, { ...place, digest, expectTags: [one, two], force: false, layers: false })
  const [item] = (await readTrash(ada, 1)).items
  if (!item) throw new Error('The trash is empty')
  return { place, digest, item }
}

test('a deleted image is restored with the identical digest and all its tags', async () => {
  const { place, digest, item } = await deleted('trash/whole')
  expect(item).toMatchObject({ tags: [one, two], digest, what: 'deleted', mayRestore: true })
  expect(await checkRestorable(ada, { change: item.change, ...place })).toEqual({ state: 'yes' })
  await undoChange(ada, { change: item.change, ...place })
  for (const tag of [one, two]) expect(await digestOfTag(registry.url, place.repository, tag)).toBe(digest)
})

test('what garbage collection has taken is named before anything is written', async () => {
  const { place, item } = await deleted('trash/collected')
  proxy.on({ path: /\/trash\/collected\/blobs\/sha256/, fault: { kind: 'answer', status: 404 } })
  const found = await checkRestorable(ada, { change: item.change, ...place })
  expect(found).toMatchObject({ state: 'gone', missing: expect.arrayContaining([expect.stringMatching(/^sha256:/)]) })
  const before = proxy.count('PUT', /./)
  await expect(undoChange(ada, { change: item.change, ...place })).rejects.toMatchObject({ kind: 'missing-content' })
  expect(proxy.count('PUT', /./)).toBe(before)
  proxy.clear()
})

test('a registry that doesn’t respond makes it unknown, and promises nothing', async () => {
  const { place, item } = await deleted('trash/unknown')
  proxy.on({ path: /\/trash\/unknown\//, fault: { kind: 'reset' } })
  expect(await checkRestorable(ada, { change: item.change, ...place })).toMatchObject({ state: 'unknown' })
  proxy.clear()
})

test('only those who may restore see the trash', async () => {
  const { place, item } = await deleted('trash/hidden')
  expect(await readTrash(audrey, 1)).toMatchObject({ items: [], total: 0 })
  await expect(checkRestorable(audrey, { change: item.change, ...place })).rejects.toMatchObject({
    name: 'AccessError',
  })
})

test('what is older than TRASH_DAYS is forgotten, and nothing before', async () => {
  const { total } = await readTrash(ada, 1)
  expect(await pruneTrash(Date.now() + 89 * 86_400_000)).toBe(0)
  expect((await readTrash(ada, 1)).total).toBe(total)
  expect(await pruneTrash(Date.now() + 91 * 86_400_000)).toBeGreaterThan(0)
  expect((await readTrash(ada, 1)).total).toBe(0)
})
