import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { call, pushImage } from '../../testing/servers/images.ts'
import { ada, anna } from '../testing/configure.ts'
import { startDataLayer } from '../testing/start-data-layer.ts'

vi.setConfig({ testTimeout: 180_000 })

// Ada works, and stops being an admin meanwhile.
const layer = startDataLayer('SQLite')
/** So many that a busy machine notices withdrawn rights before they all are done. */
const TAGS = Array.from({ length: 24 }, (_, n) => `t${n}`)
/** Milliseconds that the configuration is in use before its file is read again. */
const REREAD = 2_100

const placeOf = (name: string) => ({ registry: 'local', repository: parseRepositoryName(name) })

async function push(name: string) {
  for (const tag of TAGS) await pushImage(layer.url, name, [tag], { labels: { of: tag } })
}

async function tagsOf(name: string): Promise<string[]> {
  const { status, body } = await call(layer.url, 'GET', `/v2/${name}/tags/list`)
  return status === 200 ? (JSON.parse(body.toString()).tags ?? []) : []
}

async function setRole(role: 'admin' | 'viewer') {
  const path = process.env.LADING_CONFIG ?? ''
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(/(username: ada\n\s+role: )\w+/, `$1${role}`))
}

test('a plan stops within seconds once its user may no longer delete, and continues once they may', async () => {
  const name = 'team/plan'
  await push(name)
  const { makePlan } = await import('../plans/make-plan.ts')
  const { limitPlan, resumePlan, startPlan } = await import('../plans/steer-plan.ts')
  const { readPlan } = await import('../plans/read-plan.ts')
  const page = (id: string) => readPlan(anna, { id, show: 'all', page: 1 })
  const id = await makePlan(ada, { ...placeOf(name), select: { tags: TAGS.map(parseTag) } })
  await limitPlan(ada, { id, rate: 1 })
  await startPlan(ada, { id, revision: 0 })
  await expect.poll(async () => (await page(id)).counts.done.tags).toBeGreaterThan(0)
  await setRole('viewer')
  await expect.poll(async () => (await page(id)).plan.state).toBe('paused')
  const { plan, counts } = await page(id)
  expect(plan.problem?.title).toBe('Stopped because its user may no longer do this')
  expect(counts).toMatchObject({ failed: { tags: 0 }, waiting: { tags: TAGS.length - counts.done.tags } })
  expect((await tagsOf(name)).length).toBe(counts.waiting.tags)
  expect(plan.verified).toMatchObject({ gone: { tags: counts.done.tags }, unexpectedCount: 0 })
  await setRole('admin')
  await limitPlan(ada, { id, rate: null })
  await delay(REREAD)
  await resumePlan(ada, id)
  await expect.poll(async () => (await page(id)).plan.state).toBe('finished')
  expect(await tagsOf(name)).toEqual([])
})

/** Copies all tags by a job whose user loses the rights at the first such request, which waits for that. */
async function copyUntilWithdrawn(source: string, destination: string, method: 'HEAD' | 'PUT'): Promise<void> {
  let withdrawn: Promise<void> | undefined
  const run = () => {
    withdrawn ??= setRole('viewer').then(() => delay(REREAD))
    return withdrawn
  }
  const off = layer.proxy.on({ method, path: `/${destination}/manifests/`, fault: { kind: 'run', run } })
  const { startCopyTags, followJob } = await import('./jobs.ts')
  const { id } = await startCopyTags(ada, {
    source: placeOf(source),
    destination: placeOf(destination),
    select: { tags: TAGS.map(parseTag) },
    existing: 'keep',
    referrers: false,
  })
  for await (const job of (await followJob(anna, id))(new AbortController().signal))
    if (job.state === 'failed') expect(job.problem?.code).toBe('access.denied')
    else expect(job.state).not.toBe('done')
  off()
  await setRole('admin')
  await delay(REREAD)
}

test('a copy of tags that are there already stops once its user may no longer create tags', async () => {
  await push('team/there')
  await push('team/there-too')
  await copyUntilWithdrawn('team/there', 'team/there-too', 'HEAD')
  expect(layer.proxy.count('HEAD', '/team/there-too/manifests/')).toBeLessThan(TAGS.length)
})

test('a copy of many tags stops once its user may no longer create tags', async () => {
  await push('team/source')
  await copyUntilWithdrawn('team/source', 'team/copy', 'PUT')
  expect((await tagsOf('team/copy')).length).toBeLessThan(TAGS.length)
})
