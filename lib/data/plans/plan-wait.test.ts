import { expect, test } from 'vitest'
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
