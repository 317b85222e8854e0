import { expect, test } from 'vitest'
import type { UserActor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { rateLimited } from '../../testing/servers/fault-proxy.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { listJobs } from '../jobs/jobs.ts'
import { anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'
import { makePlan } from './make-plan.ts'
import { type PlanPage, readPlan } from './read-plan.ts'
import { startPlan } from './steer-plan.ts'

const layer = startDataLayer('SQLite')

test('a plan and its job say until when a registry that limits requests holds them up, and no longer afterwards', {
  timeout: 60_000,
}, async () => {
  const place = { registry: 'local', repository: parseRepositoryName('team/limited') }
  for (const tag of ['a', 'b', 'c']) await pushImage(layer.url, place.repository, [tag], { labels: { tag } })
  const id = await makePlan(anna, { ...place, select: { tags: ['a', 'b', 'c'].map(parseTag) } })
  const read = () => readPlan(anna, { id, show: 'all', page: 1 })
  layer.proxy.on({ method: 'DELETE', nth: 1, fault: rateLimited(6) })
  const started = Date.now()
  await startPlan(anna, { id, revision: 0 })
  let waits: PlanPage['waits']
  const see = async () => {
    waits = (await read()).waits
    return waits
  }
  await expect.poll(see, { timeout: 10_000 }).toMatchObject({ on: 'registry', registry: 'local' })
  const until = Date.parse(waits?.on === 'registry' ? waits.until : '')
  expect(until).toBeGreaterThan(started + 5_000)
  expect(until).toBeLessThan(Date.now() + 6_500)
  const job = (await listJobs(anna)).find(({ plan }) => plan?.id === id)
  expect(job).toMatchObject({ progress: { held: { registry: 'local' } } })
  await expect.poll(async () => (await read()).plan.state, { timeout: 30_000 }).toBe('finished')
  expect(await read()).toMatchObject({ counts: { done: { tags: 3 }, failed: { tags: 0 } } })
  expect((await read()).waits).toBeUndefined()
})

test('a plan behind another one of the same person names it, also to an admin, and nobody else’s', {
  timeout: 60_000,
}, async () => {
  const make = async (actor: UserActor, name: string) => {
    const place = { registry: 'local', repository: parseRepositoryName(name) }
    for (const tag of ['a', 'b']) await pushImage(layer.url, name, [tag], { labels: { of: `${name} ${tag}` } })
    return makePlan(actor, { ...place, select: { tags: ['a', 'b'].map(parseTag) } })
  }
  const [first, second] = [await make(anna, 'team/first'), await make(anna, 'team/second')]
  const answers = Promise.withResolvers<void>()
  const off = layer.proxy.on({
    method: 'DELETE',
    path: 'team/first',
    fault: { kind: 'run', run: () => answers.promise },
  })
  await startPlan(anna, { id: first, revision: 0 })
  await startPlan(anna, { id: second, revision: 0 })
  const waits = async () => (await readPlan(anna, { id: second, show: 'all', page: 1 })).waits
  await expect.poll(waits).toEqual({
    on: 'jobs',
    ahead: { kind: 'plan', plan: first, registry: 'local', repository: 'team/first' },
  })
  answers.resolve()
  off()
  const state = async () => (await readPlan(anna, { id: second, show: 'all', page: 1 })).plan.state
  await expect.poll(state, { timeout: 30_000 }).toBe('finished')
})
