import { expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { digestOfTag, pushImage, pushIndex } from '../../testing/servers/images.ts'
import { removeImage } from '../changes/delete-image.ts'
import { undoChange } from '../changes/undo.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'
import { pruneTrash } from './prune-trash.ts'
import { checkRestorable, readTrash } from './read-trash.ts'
import { restoreMany } from './restore-many.ts'

// The real data layer over a real registry.
const layer = startDataLayer('SQLite')
const ada: Actor = { kind: 'user', username: 'ada', groups: [], role: 'admin', grants: [], readOnly: false }
const audrey: Actor = { ...ada, username: 'audrey', role: 'auditor' }
const [one, two] = [parseTag('1.0'), parseTag('latest')]

async function deleted(name: string) {
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  const digest = parseDigest((await pushImage(layer.url, name, [one, two], { labels: { name } })).digest)
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
  for (const tag of [one, two]) expect(await digestOfTag(layer.url, place.repository, tag)).toBe(digest)
  expect((await readTrash(ada, 1)).items.map(({ change }) => change)).not.toContain(item.change)
})

test('the trash shows the author of a deletion, and until when it is kept', async () => {
  const { item } = await deleted('trash/told')
  expect(item).toMatchObject({ by: 'ada', keptUntil: new Date(Date.parse(item.at) + 90 * 86_400_000).toISOString() })
})

test('several are restored at once, an index after its platforms, and one that can’t be is named', async () => {
  const platform = { os: 'linux', architecture: 'amd64' }
  const place = { registry: 'local', repository: parseRepositoryName('trash/many') }
  const child = await pushImage(layer.url, place.repository, ['child'], { platform })
  const index = await pushIndex(layer.url, place.repository, ['multi'], [{ manifest: child, platform }])
  const remove = (digest: string, tag: string) =>
    removeImage(ada, {
      ...place,
      digest: parseDigest(digest),
      expectTags: [parseTag(tag)],
      force: false,
      layers: false,
    })
  await remove(index.digest, 'multi')
  await remove(child.digest, 'child')
  const changes = (await readTrash(ada, 1)).items
    .filter(({ repository }) => repository === place.repository)
    .map(({ change }) => ({ change, ...place }))
    .reverse()
  const lost = { ...place, change: `${changes[0]?.change.slice(0, -1)}x` }
  const outcomes = await restoreMany(ada, { changes: [...changes, lost] })
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, false])
  expect(await digestOfTag(layer.url, place.repository, 'multi')).toBe(index.digest)
})

test('names garbage-collected content before anything is written', async () => {
  const { place, item } = await deleted('trash/collected')
  layer.proxy.on({ path: /\/trash\/collected\/blobs\/sha256/, fault: { kind: 'answer', status: 404 } })
  const found = await checkRestorable(ada, { change: item.change, ...place })
  expect(found).toMatchObject({ state: 'gone', missing: expect.arrayContaining([expect.stringMatching(/^sha256:/)]) })
  const before = layer.proxy.count('PUT', /./)
  await expect(undoChange(ada, { change: item.change, ...place })).rejects.toMatchObject({ kind: 'missing-content' })
  expect(layer.proxy.count('PUT', /./)).toBe(before)
  layer.proxy.clear()
})

test('names tags that are in use again before anything is written, whether deleted or moved', async () => {
  const { place, item } = await deleted('trash/used')
  const { digest } = await pushImage(layer.url, place.repository, [two], { labels: { of: 'somebody else' } })
  expect(await checkRestorable(ada, { change: item.change, ...place })).toEqual({ state: 'taken', tags: [two] })
  await expect(undoChange(ada, { change: item.change, ...place })).rejects.toMatchObject({ kind: 'conflict' })
  const { retagImage } = await import('../changes/retag.ts')
  const third = await pushImage(layer.url, place.repository, ['third'], { labels: { of: 'third' } })
  const from = parseDigest(third.digest)
  await retagImage(ada, { ...place, from, to: two, expect: parseDigest(digest) })
  const [moved] = (await readTrash(ada, 1)).items
  const check = () => checkRestorable(ada, { change: moved?.change ?? '', ...place })
  expect(await check()).toEqual({ state: 'yes' })
  await pushImage(layer.url, place.repository, [two], { labels: { of: 'fourth' } })
  expect(await check()).toEqual({ state: 'taken', tags: [two] })
})

test('a registry that doesn’t respond makes it unknown, and nothing is promised', async () => {
  const { place, item } = await deleted('trash/unknown')
  layer.proxy.on({ path: /\/trash\/unknown\//, fault: { kind: 'reset' } })
  expect(await checkRestorable(ada, { change: item.change, ...place })).toMatchObject({ state: 'unknown' })
  layer.proxy.clear()
})

test('only people with the right to restore see the trash', async () => {
  const { place, item } = await deleted('trash/hidden')
  expect(await readTrash(audrey, 1)).toMatchObject({ items: [], total: 0 })
  await expect(checkRestorable(audrey, { change: item.change, ...place })).rejects.toMatchObject({
    name: 'AccessError',
  })
})

test('a page beyond the last shows the last, as after its items were restored', async () => {
  const { items } = await readTrash(ada, 1)
  expect(items.length).toBeGreaterThan(0)
  expect(await readTrash(ada, 99)).toMatchObject({ page: 1, items })
})

test('forgets changes after TRASH_DAYS, and none before', async () => {
  const { total } = await readTrash(ada, 1)
  expect(await pruneTrash(Date.now() + 89 * 86_400_000)).toBe(0)
  expect((await readTrash(ada, 1)).total).toBe(total)
  expect(await pruneTrash(Date.now() + 91 * 86_400_000)).toBeGreaterThan(0)
  expect((await readTrash(ada, 1)).total).toBe(0)
})
