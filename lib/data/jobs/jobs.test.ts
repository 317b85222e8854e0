import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'
import type { CopyInput } from './copy-job.ts'
import type { JobView } from './jobs.ts'

// The real data layer over a real layout. `anna` may change everything as configured; `cleo` was an operator when she
// asked, and the configuration has her no more.
let folder = ''
const rights = { role: 'admin', grants: [], readOnly: false } as const
const anna: Actor = { kind: 'user', username: 'anna', groups: [], ...rights }
const cleo: Actor = { kind: 'user', username: 'cleo', groups: [], ...rights, role: 'operator' }
const bo: Actor = { kind: 'user', username: 'bo', groups: [], ...rights, role: 'viewer' }
const HASH = '$2b$04$0123456789012345678901uXVSJ5xGzqTgnH3h5nFD5zYXBc3KXyW'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  await writeSamples(join(folder, 'layout'))
  await writeFile(
    join(folder, 'lading.yaml'),
    `registries:\n  - { name: local, layout: ./layout }\nusers:\n  - { username: anna, passwordHash: '${HASH}', role: admin }\n`,
  )
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const data = () => import('./jobs.ts')

async function input(tag: string): Promise<CopyInput> {
  const { readCopySource } = await import('./copy-source.ts')
  const source = { registry: 'local', repository: parseRepositoryName('samples/web/storefront') }
  const { digest } = await readCopySource(anna, source, parseTag('latest'))
  return {
    source: { ...source, digest: digest as CopyInput['source']['digest'], selector: parseTag('latest') },
    destination: {
      registry: 'local',
      repository: parseRepositoryName('copies/shop'),
      tag: parseTag(tag),
      expect: null,
    },
    platforms: null,
    referrers: true,
  }
}

async function end(actor: Actor, id: string): Promise<JobView | undefined> {
  let last: JobView | undefined
  for await (const job of (await (await data()).followJob(actor, id))(new AbortController().signal)) last = job
  return last
}

test('copies an image as a job, and a repeated copy finds everything in place', async () => {
  const { startCopy, retryJob } = await data()
  const { id } = await startCopy(anna, await input('1'))
  const job = await end(anna, id)
  expect(job).toMatchObject({ state: 'done', owner: 'anna', items: expect.arrayContaining([expect.anything()]) })
  expect(await end(anna, (await retryJob(anna, id)).id)).toMatchObject({ state: 'done' })
})

test('offers to run a job again only to those who may', async () => {
  const { listJobs, startCopy } = await data()
  const { id } = await startCopy(anna, await input('again'))
  await end(anna, id)
  const mayRepeat = async (actor: Actor) => (await listJobs(actor)).find((job) => job.id === id)?.mayRepeat
  expect(await mayRepeat(anna)).toBe(true)
  expect(await mayRepeat({ ...anna, readOnly: true })).toBe(false)
})

test('hides a job from other users, who can’t cancel, follow or retry it', async () => {
  const { startCopy, listJobs, cancelJob, retryJob, followJob, countUnfinished } = await data()
  const { id } = await startCopy(anna, await input('2'))
  expect(await listJobs(bo)).toEqual([])
  expect(await countUnfinished(bo)).toBe(0)
  for (const attempt of [() => cancelJob(bo, id), () => retryJob(bo, id), () => followJob(bo, id)])
    await expect(attempt()).rejects.toMatchObject({ kind: 'not-found' })
  expect(await end(anna, id)).toMatchObject({ state: 'done' })
  expect((await listJobs({ ...bo, role: 'admin' })).map((job) => job.id)).toContain(id)
})

test('checks rights when a job is requested, and again when it starts', async () => {
  const { startCopy } = await data()
  await expect(startCopy(bo, await input('3'))).rejects.toMatchObject({ code: 'denied' })
  await expect(startCopy({ ...anna, readOnly: true }, await input('3'))).rejects.toMatchObject({ code: 'read-only' })
  const overwriting = await input('3')
  const taken = { ...overwriting, destination: { ...overwriting.destination, expect: overwriting.source.digest } }
  await expect(startCopy(cleo, taken)).rejects.toMatchObject({ code: 'denied' })
  const { id } = await startCopy(cleo, await input('3'))
  expect(await end(anna, id)).toMatchObject({ state: 'failed', problem: { code: expect.stringMatching(/^access/) } })
})

test('loads archives into layouts only for users with the right to', async () => {
  const { load } = await import('../archives/load-archive.ts')
  const request = { registry: 'local', repository: parseRepositoryName('copies/shop'), overwrite: false }
  for (const actor of [bo, { ...anna, readOnly: true }])
    await expect(load(actor, request, Readable.from(['x']), {})).rejects.toMatchObject({ name: 'AccessError' })
  await expect(load(anna, request, Readable.from([Buffer.from('x')]), {})).rejects.toMatchObject({
    name: expect.stringMatching(/FormatError|RegistryError/),
  })
})
