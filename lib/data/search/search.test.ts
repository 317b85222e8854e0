import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { recordRegistry } from '../../catalog/testing/record-registry.ts'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'

// The real data layer over a catalog that was recorded from a real registry. `team/**` is bo's; `vault/**` is not.
const server = await startDockerRegistry()
const folder = await mkdtemp(join(tmpdir(), 'lading-search-'))
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const bo: Actor = {
  kind: 'user',
  username: 'bo',
  groups: [],
  role: 'none',
  readOnly: false,
  grants: [{ subject: { user: 'bo' }, role: 'viewer', registry: 'hub', repository: 'team/**', allow: [] }],
}
const state = { q: '', sort: 'repository', seen: 0, open: [] } as const

beforeAll(async () => {
  await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: hub, url: ${server.url} }\n`)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
  const registry = createHttpRegistry({ name: 'hub', url: server.url })
  const put = (name: string, tags: readonly string[], labels: Record<string, string>) =>
    putImage(registry.repository(parseRepositoryName(name)), { tags, labels, created: '2026-01-01T00:00:00Z' })
  await put('team/api', ['1.0', 'latest'], { team: 'quay', licenses: 'MIT' })
  await put('team/web', ['2.0'], { team: 'harbour' })
  await putImage(registry.repository(parseRepositoryName('vault/keys')), {
    tags: ['9.9'],
    labels: { team: 'spies', clearance: 'cosmic' },
    platform: { os: 'plan9', architecture: 'mips' },
  })
  await recordRegistry(await theStore(), registry)
  await registry.close()
})
afterAll(async () => {
  await (await theStore()).close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const search = async (actor: Actor, q: string) => {
  const { readSearch } = await import('./read-search.ts')
  return readSearch(actor, { ...state, q })
}

const found = ({ groups }: Awaited<ReturnType<typeof search>>) =>
  groups.flatMap(({ repository, tags }) => tags.map(({ tag }) => `${repository}:${tag}`))

test('a search finds tags by label under their repositories, with the values it asked for', async () => {
  const result = await search(anna, 'label:team=quay')
  expect(result.groups).toMatchObject([{ registry: 'hub', repository: 'team/api', found: 2, total: 2 }])
  expect(result.groups[0]?.tags[0]).toMatchObject({ tag: '1.0', labels: [{ key: 'team', value: 'quay' }] })
  expect(result.counts).toMatchObject({ tags: 2, repositories: 1, isComplete: true })
})

test('an unfinished query keeps finding what its other terms find, and says what is missing', async () => {
  const result = await search(anna, 'repo:team/** size:')
  expect(found(result)).toEqual(['team/api:1.0', 'team/api:latest', 'team/web:2.0'])
  expect(result.query.mistakes).toEqual([{ start: 13, end: 18, text: expect.stringMatching(/^A value is missing/) }])
})

test('each term can be removed, and what is left is the rest of the query', async () => {
  const { query } = await search(anna, 'repo:team/** -label:licenses')
  expect(query.terms).toEqual([
    { text: 'repo:team/**', rest: '-label:licenses', isNegated: false },
    { text: '-label:licenses', rest: 'repo:team/**', isNegated: true },
  ])
})

test('a facet narrows the search to what it counted', async () => {
  const { counts } = await search(anna, '')
  for (const values of Object.values(counts.facets))
    for (const { term, tags } of values)
      if (term) expect([term, (await search(anna, term)).counts.tags]).toEqual([term, tags])
})

describe('what may not be seen', () => {
  test.each(['', 'keys', 'label:clearance', 'team=spies', 'repo:vault/**', 'platform:plan9', '-team=quay'])(
    'is in no result, count, facet or age for %j',
    async (q) => {
      const result = await search(bo, q)
      expect(found(result).filter((name) => !name.startsWith('team/'))).toEqual([])
      expect(result.counts.tags).toBe(found(result).length)
      const { query: _, unknownKeys: __, ...rest } = result
      expect(JSON.stringify(rest)).not.toMatch(/vault|keys|spies|cosmic|clearance|plan9/)
    },
  )

  test('makes its label keys unknown, exactly as if they did not exist', async () => {
    const [hidden, absent] = [await search(bo, 'label:clearance'), await search(bo, 'label:nowhere')]
    expect(hidden.unknownKeys).toEqual([{ key: 'clearance', near: [] }])
    expect(absent.unknownKeys).toEqual([{ key: 'nowhere', near: [] }])
    expect((await search(anna, 'label:clearance')).unknownKeys).toEqual([])
  })
})
