import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { startCatalog } from '../../catalog/the-catalog.ts'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'

// Everything from a real registry, read through as pages do.
const server = await startDockerRegistry()
const folder = await mkdtemp(join(tmpdir(), 'lading-typed-'))
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const place = { registry: 'hub', repository: parseRepositoryName('team/api') }
const state = { q: '', sort: 'version', dir: 'desc', page: 1, names: '', namesPage: 1 } as const

beforeAll(async () => {
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: hub, url: ${server.url} }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  const registry = createHttpRegistry({ name: 'hub', url: server.url })
  const repository = registry.repository(place.repository)
  for (const [tag, team, created] of [
    ['1.4.1', 'quay', '2020-01-01T00:00:00Z'],
    ['1.4.2', 'harbour', new Date().toISOString()],
    ['2.0', 'quay', new Date().toISOString()],
  ] as const)
    await putImage(repository, { tags: [tag], labels: { team }, created })
  await registry.close()
  startCatalog()
})
afterAll(async () => {
  await (await theStore()).close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const page = async (q: string) => {
  const { readTagPage } = await import('../tags/read-tags.ts')
  return readTagPage(anna, place, { ...state, q })
}
const names = async (q: string) => (await page(q)).rows.map(({ tag }) => tag)

test('filters a repository’s tags by the query language, and plain words by name', async () => {
  expect(await names('')).toEqual(['2.0', '1.4.2', '1.4.1'])
  expect(await names('1.4')).toEqual(['1.4.2', '1.4.1'])
  // What a page reads is recorded behind it.
  await expect.poll(() => names('age:>90d')).toEqual(['1.4.1'])
  expect(await names('label:team=quay')).toEqual(['2.0', '1.4.1'])
  expect(await names('1.4 team=quay')).toEqual(['1.4.1'])
  expect(await names('-1.4')).toEqual(['2.0'])
})

test('a query of names finds tags that haven’t been read, and one of labels says that they aren’t searched', async () => {
  const unread = { registry: 'hub', repository: parseRepositoryName('team/unread') }
  const registry = createHttpRegistry({ name: 'hub', url: server.url })
  for (let from = 0; from < 120; from += 20)
    await putImage(registry.repository(unread.repository), {
      tags: Array.from({ length: 20 }, (_, index) => `pr-${from + index}`),
      labels: { team: 'quay' },
    })
  await registry.close()
  const { readTagPage } = await import('../tags/read-tags.ts')
  const read = (q: string) => readTagPage(anna, unread, { ...state, q })
  await read('1.0')
  const found = await read('tag:pr-*')
  expect(found).toMatchObject({ matching: 120, total: 120 })
  expect(found.unmatched).toBeUndefined()
  expect(await read('tag:pr-* -tag:pr-1*')).toMatchObject({ matching: 89 })
  expect((await read('label:team=harbour')).unmatched).toBeGreaterThan(0)
  const { selectedTags } = await import('../tags/selected-tags.ts')
  const { openRepository } = await import('../registries/open.ts')
  const repository = openRepository(anna, 'browse', unread)
  const named = await selectedTags(repository, unread, { matching: 'tag:pr-*', except: [] })
  expect(named).toMatchObject({ tags: { length: 120 }, unjudged: [] })
  const judged = await selectedTags(repository, unread, { matching: 'tag:pr-1 label:team', except: [] })
  expect(judged).toEqual({ tags: [], unjudged: ['pr-1'] })
})

test('an unfinished query doesn’t empty the page and says what is missing', async () => {
  expect(await names('age:')).toHaveLength(3)
  expect((await page('1.4 age:')).mistake).toMatch(/^A value is missing/)
  expect(await names('1.4 age:')).toEqual(['1.4.2', '1.4.1'])
})

test('suggests similar filters that find something when nothing matches', async () => {
  expect((await page('1.4.9')).near).toEqual([{ q: '1.4', tags: 2 }])
  expect((await page('label:team=harbour 2.0')).near).toEqual([
    { q: '2.0', tags: 1 },
    { q: 'label:team=harbour', tags: 1 },
  ])
  expect((await page('nothing-like-it')).near).toBeUndefined()
})

test('all that a query finds can be selected, and a broken pattern selects nothing', async () => {
  const { selectedTags } = await import('../tags/selected-tags.ts')
  const { openRepository } = await import('../registries/open.ts')
  const repository = openRepository(anna, 'browse', place)
  const select = async (matching: string) => (await selectedTags(repository, place, { matching, except: [] })).tags
  expect(await select('team=quay')).toEqual(['2.0', '1.4.1'])
  expect(await select('age:>90d')).toEqual(['1.4.1'])
  await expect(select('/(/')).rejects.toMatchObject({ code: 'pattern' })
})
