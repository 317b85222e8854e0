import { expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import type { EntryListState } from '../../routes/entry-list-query.ts'
import { anna, bo } from '../testing/configure.ts'
import { recordHub } from '../testing/record-hub.ts'

const POLICY = `policies:
  - name: licensing
    labels: { licenses: { required: true } }
`
recordHub(
  [
    ['team/api', { tags: ['1', '2', '3'], created: '2020-01-01T00:00:00Z', labels: { name: 'team/api' } }],
    ['team/web', { tags: ['1'], labels: { name: 'team/web', licenses: 'MIT' } }],
    ['team/old', { tags: ['1', '2'], created: '2019-01-01T00:00:00Z', labels: { name: 'team/old', licenses: 'MIT' } }],
    ['vault/keys', { tags: ['1', '2', '3', '4'], created: '2026-06-01T00:00:00Z', labels: { name: 'vault/keys' } }],
  ],
  POLICY,
)

const page = async (actor: Actor, change: Partial<EntryListState> = {}) => {
  const { readRegistry } = await import('./read-repositories.ts')
  const { listing } = await readRegistry(actor, 'hub', { names: '', namesPage: 1, ...change })
  if (!listing.ok) throw new Error(listing.problem.title)
  return listing.value.page
}
const names = async (actor: Actor, change: Partial<EntryListState> = {}) =>
  (await page(actor, change)).entries.map(({ name }) => name)

test('a registry lists its namespaces, and every repository when sorted by something else', async () => {
  expect(await names(anna)).toEqual(['team', 'vault'])
  expect(await names(anna, { order: 'path' })).toEqual(['team/api', 'team/old', 'team/web', 'vault/keys'])
  expect(await names(anna, { order: 'path', orderDir: 'asc' })).toEqual([
    'vault/keys',
    'team/web',
    'team/old',
    'team/api',
  ])
  expect(await names(anna, { order: 'tags' })).toEqual(['vault/keys', 'team/api', 'team/old', 'team/web'])
  expect(await names(anna, { order: 'created' })).toEqual(['vault/keys', 'team/web', 'team/api', 'team/old'])
  expect(await names(anna, { order: 'created', orderDir: 'asc' })).toEqual([
    'team/old',
    'team/api',
    'team/web',
    'vault/keys',
  ])
  // Three tags, four tags: as many findings.
  expect(await names(anna, { order: 'findings' })).toEqual(['vault/keys', 'team/api', 'team/old', 'team/web'])
})

test('a query filters repositories by their newest tag, at any depth', async () => {
  expect(await names(anna, { names: '-label:licenses' })).toEqual(['team/api', 'vault/keys'])
  expect(await names(anna, { names: 'created:<2020-06-01' })).toEqual(['team/api', 'team/old'])
  expect(await names(anna, { names: 'web -label:licenses' })).toEqual([])
  expect(await names(anna, { names: 'web' })).toEqual(['team/web'])
  const { readEntries } = await import('./read-repositories.ts')
  const state = { names: '-label:licenses', namesPage: 1 }
  const below = await readEntries(anna, 'hub', parseRepositoryName('team'), state)
  expect(below.page.entries.map(({ name, path }) => [name, path])).toEqual([['api', 'team/api']])
})

test('shortcuts say how many repositories of a place each of them finds', async () => {
  const filtered = { names: 'team', namesPage: 1 }
  const counts = async (actor: Actor) =>
    (await page(actor, filtered)).shortcuts?.map(({ name, count, isLowerBound }) => [name, count, isLowerBound])
  // Nobody has looked for signatures yet.
  await expect
    .poll(() => counts(anna))
    .toEqual([
      ['Not signed', undefined, undefined],
      ['No licence', 4, false],
      ['Newest over 90 d', 4, false],
      ['Over 1 GiB', 0, false],
    ])
  await expect.poll(() => counts(bo)).toEqual(expect.arrayContaining([['No licence', 3, false]]))
  const { readEntries } = await import('./read-repositories.ts')
  const team = await readEntries(anna, 'hub', parseRepositoryName('team'), filtered)
  expect(team.page.shortcuts?.find(({ name }) => name === 'No licence')).toMatchObject({ count: 3 })
})

test('a list that is too short for a filter has no shortcuts, so that no page waits for their counts', async () => {
  expect(await page(anna)).not.toHaveProperty('shortcuts')
  const { readEntries } = await import('./read-repositories.ts')
  const { page: below } = await readEntries(anna, 'hub', parseRepositoryName('team/api'), { names: '', namesPage: 1 })
  expect(below).toMatchObject({ total: 0, facts: {} })
  expect(below).not.toHaveProperty('shortcuts')
})

test('an unfinished query filters nothing, and says what is missing', async () => {
  const { entries, mistake } = await page(anna, { names: 'age:' })
  expect(entries).toHaveLength(4)
  expect(mistake).toMatch(/^A value is missing/)
})

test('rows say how many findings each repository has', async () => {
  expect((await page(anna, { order: 'path' })).findings).toEqual({
    'team/api': { count: 3, isLowerBound: false },
    'team/old': { count: 0, isLowerBound: false },
    'team/web': { count: 0, isLowerBound: false },
    'vault/keys': { count: 4, isLowerBound: false },
  })
})

test('hidden repositories are in no order, filter, count or finding', async () => {
  for (const order of ['path', 'tags', 'created', 'size', 'signed', 'findings'] as const) {
    const mine = await page(bo, { order })
    expect(mine).toMatchObject({ matching: 3, total: 3 })
    expect(JSON.stringify(mine)).not.toContain('vault')
  }
  expect(await names(bo, { names: '-label:licenses' })).toEqual(['team/api'])
  expect(await names(bo, { names: 'repo:vault/**' })).toEqual([])
})

test('a query says how many repositories it can’t judge, where too little of them has been read', async () => {
  expect(await page(anna, { names: '-has:signature' })).toMatchObject({ matching: 0, unmatched: 4 })
  expect(await page(bo, { names: '-has:signature' })).toMatchObject({ matching: 0, unmatched: 3 })
  expect(await page(anna, { names: '-label:licenses' })).not.toHaveProperty('unmatched')
  const { theStore } = await import('../../store/the-store.ts')
  const { write } = await theStore()
  const old = write.selectFrom('repository').select('id').where('name', '=', parseRepositoryName('team/old'))
  await write.updateTable('tag').set({ manifest_id: null }).where('repository_id', '=', old).execute()
  expect(await page(anna, { names: 'label:licenses' })).toMatchObject({ matching: 1, unmatched: 1 })
  // Names are known without reading anything.
  expect(await page(anna, { names: 'repo:team/o*' })).toMatchObject({ matching: 1 })
  expect(await page(anna, { names: 'repo:team/o*' })).not.toHaveProperty('unmatched')
})
