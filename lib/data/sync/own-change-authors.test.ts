import { beforeAll, expect, test } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

const layer = startDataLayer('SQLite')
const everything = { q: '', change: 'any', how: 'any', by: '', after: '' } as const

beforeAll(async () => {
  const { startCatalog } = await import('../../catalog/the-catalog.ts')
  const { startRechecks } = await import('./recheck.ts')
  startCatalog()
  startRechecks()
})

async function history(name: string): Promise<string[]> {
  const { readRepositoryHistory } = await import('../history/read-history.ts')
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  const { entries } = await readRepositoryHistory(anna, place, everything)
  return entries.flatMap(({ kind, tags, how, actor }) =>
    tags.map((tag) => `${tag} ${kind} ${how} ${actor ?? 'unknown'}`),
  )
}

test('what others push beside a change of Lading’s own is not its author’s', async () => {
  const name = 'team/retagged'
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  const first = await pushImage(layer.url, name, ['1.0'])
  await layer.sync(name)
  await pushImage(layer.url, name, ['theirs'], { labels: { by: 'ci' } })
  const { retagImage } = await import('../changes/retag.ts')
  await retagImage(anna, { ...place, from: parseTag('1.0'), to: parseTag('stable'), expect: null })
  await expect.poll(() => history(name), { timeout: 10_000 }).toContain('theirs appeared sync unknown')
  expect(await history(name)).toContain('stable appeared change anna')

  const { removeImage } = await import('../changes/delete-image.ts')
  const expectTags = ['1.0', 'stable'].map(parseTag)
  const deletion = { ...place, digest: parseDigest(first.digest), expectTags, force: false, layers: false }
  const { undo = '' } = await removeImage(anna, deletion)
  await expect.poll(() => history(name), { timeout: 10_000 }).toContain('1.0 gone change anna')
  await pushImage(layer.url, name, ['theirs-too'], { labels: { by: 'ci, again' } })
  const { undoChange } = await import('../changes/undo.ts')
  await undoChange(anna, { ...place, change: undo })
  await expect.poll(() => history(name), { timeout: 10_000 }).toContain('theirs-too appeared sync unknown')
  expect((await history(name)).filter((line) => line.endsWith('appeared change anna'))).toEqual(
    expect.arrayContaining(['1.0 appeared change anna', 'stable appeared change anna']),
  )
})

test('what others push while a plan runs is not its author’s, and what the plan deletes and restores is', async () => {
  const name = 'team/planned'
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  for (const tag of ['a', 'b']) await pushImage(layer.url, name, [tag], { labels: { tag } })
  await layer.sync(name)
  const { makePlan } = await import('../plans/make-plan.ts')
  const { readPlan } = await import('../plans/read-plan.ts')
  const { startPlan, undoPlan } = await import('../plans/steer-plan.ts')
  const id = await makePlan(anna, { ...place, select: { tags: ['a', 'b'].map(parseTag) } })
  const read = () => readPlan(anna, { id, show: 'all', page: 1 })
  await pushImage(layer.url, name, ['theirs'], { labels: { by: 'ci' } })
  await startPlan(anna, { id, revision: (await read()).plan.revision })
  await expect.poll(async () => (await read()).plan.state, { timeout: 20_000 }).toBe('finished')
  const gone = async () => (await history(name)).filter((line) => line.includes('gone')).sort()
  await expect.poll(gone, { timeout: 10_000 }).toEqual(['a gone change anna', 'b gone change anna'])
  expect(await history(name)).toContain('theirs appeared sync unknown')
  await pushImage(layer.url, name, ['theirs-too'], { labels: { by: 'ci, again' } })
  await undoPlan(anna, id)
  await expect.poll(async () => (await read()).plan.state, { timeout: 20_000 }).toBe('undone')
  const back = async () => (await history(name)).filter((line) => line.endsWith('appeared change anna')).sort()
  await expect.poll(back, { timeout: 10_000 }).toEqual(['a appeared change anna', 'b appeared change anna'])
  await expect.poll(() => history(name), { timeout: 10_000 }).toContain('theirs-too appeared sync unknown')
})

test('what a plan writes is its author’s also for a sync that sees it before the plan’s end', async () => {
  const name = 'team/retag-plan'
  const place = { registry: 'local', repository: parseRepositoryName(name) }
  for (const tag of ['1', '2', '3']) await pushImage(layer.url, name, [tag], { labels: { tag } })
  await layer.sync(name)
  const { makeRetagPlan } = await import('../plans/make-retag-plan.ts')
  const { readPlan } = await import('../plans/read-plan.ts')
  const { cancelPlan, limitPlan, startPlan } = await import('../plans/steer-plan.ts')
  const rule = { kind: 'add', prefix: 'old-', suffix: '' } as const
  const id = await makeRetagPlan(anna, { ...place, select: { matching: '', except: [] }, rule })
  const read = () => readPlan(anna, { id, show: 'all', page: 1 })
  await limitPlan(anna, { id, rate: 1 })
  await startPlan(anna, { id, revision: (await read()).plan.revision })
  await expect.poll(async () => (await read()).counts.done.tags, { timeout: 20_000 }).toBeGreaterThan(0)
  await layer.sync(name)
  expect((await read()).plan.state).toBe('running')
  const written = (await history(name)).filter((line) => line.startsWith('old-') && line.includes('appeared'))
  await cancelPlan(anna, id)
  expect(written.length).toBeGreaterThan(0)
  expect(written.filter((line) => !line.endsWith('appeared change anna'))).toEqual([])
})
