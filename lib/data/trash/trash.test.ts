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

test('several are restored at once, nested indexes from the inside out', async () => {
  const place = { registry: 'local', repository: parseRepositoryName('trash/nested') }
  const tags = ['child', 'inner', 'middle', 'outer']
  let last: Awaited<ReturnType<typeof pushIndex>> = await pushImage(layer.url, place.repository, ['child'])
  const pushed = [last]
  for (const tag of tags.slice(1)) {
    last = await pushIndex(layer.url, place.repository, [tag], [{ manifest: last }])
    pushed.push(last)
  }
  for (const [at, { digest }] of [...pushed.entries()].reverse()) {
    const expectTags = [parseTag(tags[at])]
    await removeImage(ada, { ...place, digest: parseDigest(digest), expectTags, force: false, layers: false })
  }
  const changes = (await readTrash(ada, 1, place.repository)).items.map(({ change }) => ({ change, ...place }))
  const outcomes = await restoreMany(ada, { changes: changes.toSorted((a, b) => a.change.localeCompare(b.change)) })
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, true])
  await Promise.all(
    tags.map(async (tag, at) => expect(await digestOfTag(layer.url, place.repository, tag)).toBe(pushed[at]?.digest)),
  )
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

test('an image of which a tag is in use again is restored under the others, and that tag is named before and after', async () => {
  const { place, digest: old, item } = await deleted('trash/used')
  const { digest } = await pushImage(layer.url, place.repository, [two], { labels: { of: 'somebody else' } })
  const input = { change: item.change, ...place }
  expect(await checkRestorable(ada, input)).toEqual({ state: 'yes', left: [two] })
  expect(await restoreMany(ada, { changes: [input] })).toEqual([
    { change: item.change, ok: true, tags: [one], left: [{ tag: two, digest }] },
  ])
  expect(await digestOfTag(layer.url, place.repository, one)).toBe(old)
  expect(await digestOfTag(layer.url, place.repository, two)).toBe(digest)
  expect((await readTrash(ada, 1)).items.map(({ change }) => change)).not.toContain(item.change)
  const { readAudit } = await import('../audit/read-audit.ts')
  const [row] = (await readAudit(ada, { q: `repo:${place.repository} action:restore` })).rows
  expect(row).toMatchObject({ outcome: 'done', after: old })
  expect(Object.fromEntries(row?.facts ?? [])).toMatchObject({ tags: one, 'left in use': `${two} on ${digest}` })
})

test('an image whose only tag is in use again is restored by its digest, and refused once it is there', async () => {
  const place = { registry: 'local', repository: parseRepositoryName('trash/untagged') }
  const old = parseDigest((await pushImage(layer.url, place.repository, [two])).digest)
  const remove = () => removeImage(ada, { ...place, digest: old, expectTags: [two], force: false, layers: false })
  await remove()
  const [item] = (await readTrash(ada, 1)).items
  const { digest } = await pushImage(layer.url, place.repository, [two], { labels: { of: 'somebody else' } })
  const input = { change: item?.change ?? '', ...place }
  expect(await checkRestorable(ada, input)).toEqual({ state: 'yes', left: [two] })
  expect(await undoChange(ada, input)).toEqual({ digest: old, tags: [], left: [{ tag: two, digest }] })
  expect(await digestOfTag(layer.url, place.repository, old)).toBe(old)
  expect(await digestOfTag(layer.url, place.repository, two)).toBe(digest)
  expect(await checkRestorable(ada, input)).toEqual({ state: 'taken', tags: [two] })
  await expect(undoChange(ada, input)).rejects.toMatchObject({ kind: 'conflict' })
})

test('a restore that fails says in the audit log which tags it was about', async () => {
  const { place, item } = await deleted('trash/failed')
  const off = layer.proxy.on({ method: 'PUT', path: /\/trash\/failed\//, fault: { kind: 'answer', status: 507 } })
  await expect(undoChange(ada, { change: item.change, ...place })).rejects.toMatchObject({ kind: 'unavailable' })
  off()
  const { readAudit } = await import('../audit/read-audit.ts')
  const [row] = (await readAudit(ada, { q: `repo:${place.repository} action:restore` })).rows
  expect(row).toMatchObject({ tags: [one, two] })
})

test('names a moved tag that is in use again before anything is written', async () => {
  const { place } = await deleted('trash/moved')
  const { digest } = await pushImage(layer.url, place.repository, [two], { labels: { of: 'somebody else' } })
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
  const { place, item } = await deleted('trash/forgotten')
  const { total } = await readTrash(ada, 1)
  expect(await pruneTrash(Date.now() + 89 * 86_400_000)).toBe(0)
  expect((await readTrash(ada, 1)).total).toBe(total)
  expect(await pruneTrash(Date.now() + 91 * 86_400_000)).toBeGreaterThan(0)
  expect((await readTrash(ada, 1)).total).toBe(0)
  // A page may still show it.
  expect(await checkRestorable(ada, { change: item.change, ...place })).toEqual({ state: 'forgotten' })
})
