import { expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import type { StoragePageState } from '../../routes/storage-page-query.ts'
import { anna, bo } from '../testing/configure.ts'
import { recordHub } from '../testing/record-hub.ts'
import { storageMap } from './storage-map.ts'

recordHub([
  ['team/api', { tags: ['1.0'] }],
  ['team/api', { tags: ['2.0'] }],
  ['team/web', { tags: ['1.0'] }],
  ['vault/keys', { tags: ['9.9'] }],
  ['root', { tags: ['1'] }],
])

const storage = async (actor: Actor, change: Partial<StoragePageState> = {}) => {
  const { readStorage } = await import('./read-storage.ts')
  return readStorage(actor, { path: '', sort: 'name', page: 1, ...change })
}

test('lists namespaces and repositories of a place in the requested order', async () => {
  const page = await storage(anna)
  expect(page?.entries.map(({ place }) => place)).toEqual(['root', 'team/', 'vault/'])
  expect((await storage(anna, { path: 'team' }))?.entries.map(({ name }) => name)).toEqual(['api', 'web'])
  const sizes = (await storage(anna, { sort: 'total' }))?.entries.map(({ total }) => total) ?? []
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
})

test('the areas of the map add up to what deleting the place would free', async () => {
  const page = await storage(anna)
  const sum = page?.map.reduce((bytes, area) => bytes + area.bytes, 0)
  expect(sum).toBe(page?.place.frees)
  for (const { parts, bytes } of page?.map ?? [])
    if (parts) expect(parts.reduce((total, part) => total + part.bytes, 0)).toBe(bytes)
})

test('parts too small to draw share one area, and content shared by several has another', () => {
  const sums = (total: number, frees = total) => ({ total, frees, shared: 0, blobs: 1 })
  const small = Array.from({ length: 30 }, (_, index) => [`n/r${index}`, sums(1)] as const)
  const places = new Map([['', sums(1_000)], ['n/', sums(900)], ['n/big', sums(600)], ...small, ['big', sums(100)]])
  const [namespace, , ...rest] = storageMap(places, '')
  expect(rest).toEqual([])
  expect(namespace?.parts).toEqual([
    { kind: 'repository', name: 'big', place: 'n/big', bytes: 600 },
    { kind: 'others', name: '30 more', bytes: 30, count: 30 },
    { kind: 'shared', name: 'shared', bytes: 270 },
  ])
})

test('parts of which none is large enough to draw are counted, and not as more than others', () => {
  const sums = (frees: number) => ({ total: frees, frees, shared: 0, blobs: 1 })
  const small = Array.from({ length: 60 }, (_, index) => [`n/r${index}`, sums(1)] as const)
  const places = new Map([['', sums(1_000)], ['n/', sums(60)], ...small, ['big', sums(940)]])
  const namespace = storageMap(places, '').find(({ kind }) => kind === 'namespace')
  expect(namespace?.parts?.map(({ name }) => name)).toEqual(['60 small parts'])
})

test('growth ends at the current size', async () => {
  const page = await storage(anna)
  expect(page?.months).toHaveLength(12)
  expect(page?.months.at(-1)?.bytes).toBe(page?.place.total)
})

test('hidden repositories are in no sum, entry, area or layer, and their place doesn’t exist', async () => {
  const mine = await storage(bo)
  expect(mine?.entries.map(({ place }) => place)).toEqual(['team/'])
  expect(JSON.stringify(mine)).not.toMatch(/vault|root/)
  const all = await storage(anna)
  expect(mine?.place.total).toBeLessThan(all?.place.total ?? 0)
  const absent = { kind: 'not-found' }
  await expect(storage(bo, { path: 'vault' })).rejects.toMatchObject(absent)
  await expect(storage(bo, { path: 'nowhere' })).rejects.toMatchObject(absent)
  await expect(storage(bo, { registry: 'nowhere' })).rejects.toMatchObject(absent)
})
