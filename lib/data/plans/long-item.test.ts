import { expect, test } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

// One image with many tags of which some stay: its deletion takes several turns.
const layer = startDataLayer('SQLite')

/** Tags a second: a turn of two seconds takes some of them. */
const RATE = 2
const TAGS = Array.from({ length: 24 }, (_, n) => `t${String(n).padStart(2, '0')}`)

const tagAt = (name: string, tag: string) => digestOfTag(layer.url, name, tag)
const place = (name: string) => ({ registry: 'local', repository: parseRepositoryName(name) })

async function planned(name: string, { rate, tags = TAGS }: { rate?: number; tags?: readonly string[] } = {}) {
  const { digest } = await pushImage(layer.url, name, [...TAGS, 'keep'], { labels: { of: name } })
  const { makePlan } = await import('./make-plan.ts')
  const id = await makePlan(anna, { ...place(name), select: { tags: tags.map(parseTag) } })
  if (rate) await limit(id, rate)
  return { id, digest }
}

const steering = () => import('./steer-plan.ts')
const limit = async (id: string, rate: number | null) => (await steering()).limitPlan(anna, { id, rate })

async function page(id: string) {
  const { readPlan } = await import('./read-plan.ts')
  return readPlan(anna, { id, show: 'all', page: 1 })
}

async function start(id: string) {
  const { startPlan } = await steering()
  await startPlan(anna, { id, revision: (await page(id)).plan.revision })
}

async function until(id: string, state: string) {
  await expect.poll(async () => (await page(id)).plan.state, { timeout: 20_000 }).toBe(state)
  return page(id)
}

const there = async (name: string) => {
  const digests = await Promise.all(TAGS.map((tag) => tagAt(name, tag)))
  return TAGS.filter((_, at) => digests[at] !== undefined)
}

test('pausing stops between two tags of an image; resuming deletes the rest, and one undo restores all', {
  timeout: 60_000,
}, async () => {
  const name = 'team/paused'
  const { id, digest } = await planned(name, { rate: RATE })
  await start(id)
  await expect.poll(async () => (await there(name)).length).toBeLessThan(24)
  const { pausePlan, resumePlan, undoPlan } = await steering()
  await pausePlan(anna, id)
  const { counts } = await until(id, 'paused')
  // Two turns of two seconds each, at most, and the first of each begins at once.
  expect(counts.done.tags).toBeLessThanOrEqual(2 * (2 * RATE + 1))
  expect(counts).toMatchObject({
    waiting: { tags: 24 - counts.done.tags },
    undoable: { tags: counts.done.tags },
    failed: { tags: 0 },
  })
  expect(await there(name)).toHaveLength(24 - counts.done.tags)
  await limit(id, null)
  await resumePlan(anna, id)
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { tags: 24 }, undoable: { tags: 24 } })
  expect(await there(name)).toEqual([])
  expect(await tagAt(name, 'keep')).toBe(digest)
  await undoPlan(anna, id)
  await until(id, 'undone')
  for (const tag of TAGS) expect(await tagAt(name, tag)).toBe(digest)
})

test('an undo that is cut off between the tags of an image is finished by the next', { timeout: 60_000 }, async () => {
  const name = 'team/cut-off'
  const { id, digest } = await planned(name)
  await start(id)
  await until(id, 'finished')
  await limit(id, RATE)
  const { cancelPlan, undoPlan } = await steering()
  await undoPlan(anna, id)
  await expect.poll(async () => (await there(name)).length, { timeout: 20_000 }).toBeGreaterThan(0)
  await cancelPlan(anna, id)
  expect((await until(id, 'finished')).counts.undoable.images).toBe(1)
  expect((await there(name)).length).toBeLessThan(24)
  await limit(id, null)
  await undoPlan(anna, id)
  expect((await until(id, 'undone')).counts).toMatchObject({ restored: { tags: 24 }, undoable: { images: 0 } })
  for (const tag of TAGS) expect(await tagAt(name, tag)).toBe(digest)
})

test('what is left of an image whose retry was cancelled can be retried', { timeout: 60_000 }, async () => {
  const name = 'team/retried'
  const { id } = await planned(name)
  const off = layer.proxy.on({ method: 'PUT', path: `/${name}/manifests/t01`, fault: { kind: 'answer', status: 403 } })
  await start(id)
  const before = (await until(id, 'finished')).counts
  expect(before.failed.tags).toBeGreaterThan(0)
  off()
  await limit(id, 1)
  const { cancelPlan, retryPlan } = await steering()
  await retryPlan(anna, { id })
  await expect
    .poll(async () => (await page(id)).counts.done.tags, { timeout: 20_000 })
    .toBeGreaterThan(before.done.tags)
  await cancelPlan(anna, id)
  expect((await until(id, 'finished')).counts).toMatchObject({ waiting: { tags: 0 } })
  await limit(id, null)
  await retryPlan(anna, { id })
  expect((await until(id, 'finished')).counts).toMatchObject({ done: { tags: 24 }, failed: { tags: 0 } })
  expect(await there(name)).toEqual([])
})

test('tags that moved before the run are left alone and named, and the others are deleted', async () => {
  const name = 'team/moved'
  const { id } = await planned(name)
  const newer = await pushImage(layer.url, name, ['t00', 't05'], { labels: { new: '1' } })
  await start(id)
  const { counts, items } = await until(id, 'finished')
  expect(counts).toMatchObject({ done: { tags: 22 }, moved: { tags: 2 }, failed: { tags: 0 } })
  expect(items[0]).toMatchObject({
    outcome: 'moved',
    detail: 't00 and t05 moved or were deleted after the plan was made, so they were left alone.',
  })
  expect(await there(name)).toEqual(['t00', 't05'])
  expect(await tagAt(name, 't05')).toBe(newer.digest)
})

test('an undo restores what a run deleted without noting it', async () => {
  const name = 'team/unnoted'
  const { id, digest } = await planned(name)
  const { setPlan } = await import('./plan-store.ts')
  const { removeTag } = await import('../changes/delete-tag.ts')
  await setPlan(id, ['draft'], { state: 'running', started: true })
  // As when the database fails between a deletion and its outcome, and the plan is paused.
  const deletion = { ...place(name), expect: parseDigest(digest), siblings: [], strategy: 'allow-replace' } as const
  for (const tag of ['t00', 't01'].map(parseTag)) await removeTag(anna, { ...deletion, tag }, { plan: id })
  await setPlan(id, ['running'], { state: 'paused' })
  expect(await there(name)).toHaveLength(22)
  // Pushed again since, which is nobody's loss.
  await pushImage(layer.url, name, ['t01'], { labels: { of: name } })
  const { undoPlan } = await steering()
  await undoPlan(anna, id)
  await until(id, 'undone')
  for (const tag of TAGS) expect(await tagAt(name, tag)).toBe(digest)
})
