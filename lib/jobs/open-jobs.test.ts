import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Job } from './job.ts'
import type { Jobs, JobsOptions, JobWork } from './jobs.ts'
import { openJobs } from './open-jobs.ts'
import { countSlowly } from './testing/count-slowly.ts'

let folder = ''
let opened: Jobs[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-jobs-'))
})
afterEach(async () => {
  await Promise.all(opened.map((jobs) => jobs.close()))
  opened = []
  await rm(folder, { recursive: true, force: true })
})

function open(options: Partial<JobsOptions> = {}): Jobs {
  const jobs = openJobs({
    folder: join(folder, 'jobs'),
    kinds: { count: countSlowly },
    describe: (error) => ({
      code: 'test',
      title: 'Failed',
      detail: error instanceof Error ? error.message : 'unknown',
    }),
    ...options,
  })
  opened.push(jobs)
  return jobs
}

const count = (steps: number, pause = 1) => ({ file: join(folder, 'counted'), steps, pause })
const never = new AbortController().signal
const untilCancelled: JobWork = (_, { signal }) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

async function end(jobs: Jobs, id: string): Promise<Job> {
  let last: Job | undefined
  for await (const job of jobs.follow(id, never)) last = job
  if (!last) throw new Error(`there is no job ${id}`)
  return last
}

it('lets others run while a job is postponed, and starts it again after a restart', async () => {
  let begun = 0
  const waits: JobWork = async (_, context) => {
    begun += 1
    if (begun < 3) context.postpone(begun === 1 ? 0.05 : 0.3)
  }
  const kinds = { waits, count: countSlowly }
  const first = open({ kinds, limits: { running: 1 } })
  const { id } = await first.enqueue('waits', null, 'anna')
  const other = await first.enqueue('count', count(3), 'anna')
  expect(await end(first, other.id)).toMatchObject({ state: 'done' })
  await expect.poll(() => begun).toBe(2)
  await expect.poll(async () => (await first.get(id))?.notBefore).toBeDefined()
  expect(await first.get(id)).toMatchObject({ state: 'queued' })
  await first.close()
  const second = open({ kinds })
  await second.resume()
  expect(begun).toBe(2)
  expect(await end(second, id)).toMatchObject({ state: 'done', attempts: 1 })
  expect(begun).toBe(3)
})

it('runs a job, reports its progress and outcome, and still lists it after a restart', async () => {
  const jobs = open()
  const { id, state } = await jobs.enqueue('count', count(20, 15), 'anna')
  expect(state).toBe('queued')
  const seen: number[] = []
  for await (const job of jobs.follow(id, never)) seen.push(job.progress.done)
  expect(seen.at(-1)).toBe(20)
  expect(seen.length).toBeGreaterThan(2)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  await jobs.close()
  const [job] = await open().list()
  expect(job).toMatchObject({ id, owner: 'anna', state: 'done', attempts: 1, progress: { done: 20, total: 20 } })
  expect(job?.items).toHaveLength(20)
})

it('starts again what was running when the process was killed', async () => {
  const program = join(import.meta.dirname, 'testing', 'count-and-be-killed.ts')
  const child = spawn(process.execPath, [program, join(folder, 'jobs'), join(folder, 'counted')])
  const id = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data) => reject(new Error(String(data))))
    child.stdout.on('data', (data) => {
      const [name = '', done] = String(data).trim().split(/\s/).slice(-2)
      if (Number(done) >= 5) resolve(name)
    })
  })
  const gone = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await gone
  const ended = Promise.withResolvers<number>()
  const jobs = open({
    kinds: {
      count: async (job) => {
        ended.resolve(job.attempts)
      },
    },
  })
  await jobs.resume()
  expect(await ended.promise).toBe(2)
  expect(await end(jobs, id)).toMatchObject({ id, owner: 'anna', state: 'done', attempts: 2 })
})

it('gives up a job that ends its process again and again', async () => {
  const before = open({ kinds: { count: untilCancelled } })
  const { id } = await before.enqueue('count', count(1), 'anna')
  await before.close()
  const file = join(folder, 'jobs', `${id}.json`)
  const job = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...job, state: 'running', attempts: 5 }))
  const jobs = open()
  await jobs.resume()
  expect(await end(jobs, id)).toMatchObject({
    state: 'failed',
    failure: { detail: expect.stringContaining('5 times') },
  })
})

it('cancels a job that runs and one that waits', async () => {
  const jobs = open()
  const running = await jobs.enqueue('count', count(1000, 5), 'anna')
  const waiting = await jobs.enqueue('count', count(1), 'anna')
  expect(await jobs.cancel(waiting.id)).toMatchObject({ state: 'cancelled', attempts: 0 })
  expect(await jobs.cancel(running.id)).toMatchObject({ state: 'cancelled', attempts: 1 })
  const counted = await readFile(join(folder, 'counted'), 'utf8').catch(() => '')
  const next = await jobs.enqueue('count', { ...count(1), file: join(folder, 'other') }, 'anna')
  expect((await end(jobs, next.id)).state).toBe('done')
  expect(await readFile(join(folder, 'counted'), 'utf8').catch(() => '')).toBe(counted)
  expect(await jobs.cancel(next.id)).toMatchObject({ state: 'done' })
})

it('says why a job failed and goes on with the others', async () => {
  const failing = async () => {
    throw new Error('the registry is down')
  }
  const jobs = open({ kinds: { count: countSlowly, fail: failing } })
  const bad = await jobs.enqueue('fail', {}, 'anna')
  const good = await jobs.enqueue('count', count(2), 'anna')
  expect(await end(jobs, bad.id)).toMatchObject({ state: 'failed', failure: { detail: 'the registry is down' } })
  expect((await end(jobs, good.id)).state).toBe('done')
  await expect(jobs.enqueue('toString', {}, 'anna')).rejects.toMatchObject({ code: 'unknown-kind' })
})

it('runs two jobs at once, one of each owner, and gives every owner a turn', async () => {
  let now = 0
  let most = 0
  const order: unknown[] = []
  const busy = async (job: Job) => {
    order.push(job.input)
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 5))
    now--
  }
  const gate = Promise.withResolvers<void>()
  const jobs = open({ kinds: { busy, hold: () => gate.promise } })
  const held = [await jobs.enqueue('hold', 0, 'first'), await jobs.enqueue('hold', 0, 'second')]
  const all = []
  for (let index = 0; index < 8; index++) all.push(await jobs.enqueue('busy', `anna ${index}`, 'anna'))
  all.push(await jobs.enqueue('busy', 'bo 0', 'bo'))
  gate.resolve()
  await Promise.all([...held, ...all].map(({ id }) => end(jobs, id)))
  expect(most).toBe(2)
  expect(order.filter((input) => String(input).startsWith('anna'))).toEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `anna ${index}`),
  )
  // The two of them start together, after a write to disk each.
  expect(order.slice(0, 2)).toEqual(expect.arrayContaining(['anna 0', 'bo 0']))
})

it('keeps a bounded history of each owner', async () => {
  const jobs = open({ limits: { historyOfOwner: 3 } })
  const ids: string[] = []
  const other = await jobs.enqueue('count', count(1), 'bo')
  await end(jobs, other.id)
  for (let index = 0; index < 5; index++) {
    const { id } = await jobs.enqueue('count', count(1), 'anna')
    await end(jobs, id)
    ids.push(id)
  }
  await jobs.close()
  const kept = (await open().list()).map(({ id }) => id)
  expect(kept.toSorted()).toEqual([other.id, ...ids.slice(2)].toSorted())
})

it('lets a bounded number of each owner’s jobs wait, even when many are requested at once', async () => {
  const jobs = open({ limits: { waitingOfOwner: 2 }, kinds: { wait: untilCancelled } })
  const asked = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => jobs.enqueue('wait', index, 'anna')))
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  await expect(jobs.enqueue('wait', 'more', 'anna')).rejects.toMatchObject({ code: 'too-many' })
  expect(await jobs.enqueue('wait', 0, 'bo')).toMatchObject({ state: 'queued' })
})

it('treats a job requested twice as one until it has ended', async () => {
  const jobs = open({ kinds: { wait: untilCancelled } })
  const [one, same] = await Promise.all([
    jobs.enqueue('wait', { a: 1 }, 'anna'),
    jobs.enqueue('wait', { a: 1 }, 'anna'),
  ])
  expect(same.id).toBe(one.id)
  expect((await jobs.enqueue('wait', { a: 1 }, 'anna')).id).toBe(one.id)
  for (const [input, owner] of [
    [{ a: 2 }, 'anna'],
    [{ a: 1 }, 'bo'],
  ] as const)
    expect((await jobs.enqueue('wait', input, owner)).id).not.toBe(one.id)
  await jobs.cancel(one.id)
  expect((await jobs.enqueue('wait', { a: 1 }, 'anna')).id).not.toBe(one.id)
})

it('leaves a folder’s jobs to the one process that runs them, and shows their progress', async () => {
  let isWorker = false
  const worker = open({ kinds: { wait: untilCancelled, count: countSlowly } })
  const { id } = await worker.enqueue('wait', {}, 'anna')
  const started = Promise.withResolvers<number>()
  const viewer = open({
    isWorker: () => isWorker,
    kinds: { wait: async (job) => started.resolve(job.attempts) },
  })
  expect((await viewer.list()).map((job) => job.id)).toEqual([id])
  await expect(viewer.enqueue('wait', {}, 'bo')).rejects.toMatchObject({ code: 'elsewhere' })
  await expect(viewer.cancel(id)).rejects.toMatchObject({ code: 'elsewhere' })
  expect(await worker.get(id)).toMatchObject({ state: 'running', attempts: 1 })
  await worker.close()
  isWorker = true
  await viewer.resume()
  expect(await started.promise).toBe(2)
  expect(await end(viewer, id)).toMatchObject({ state: 'done' })
})

it('reads the folder again after it could not be read', async () => {
  await writeFile(join(folder, 'jobs'), 'no folder')
  const jobs = open()
  await expect(jobs.list()).rejects.toThrow('ENOTDIR')
  await rm(join(folder, 'jobs'))
  expect(await jobs.list()).toEqual([])
})

it('skips files that are not jobs and removes what a crash left half-written', async () => {
  const jobs = open()
  const { id } = await jobs.enqueue('count', count(1), 'anna')
  await end(jobs, id)
  await jobs.close()
  await writeFile(join(folder, 'jobs', 'AAAAAAAAAAAAAAAAAAAAAA.json'), '{"id":')
  await mkdir(join(folder, 'jobs', 'BBBBBBBBBBBBBBBBBBBBBB.json'))
  await writeFile(join(folder, 'jobs', `${id}.half.part`), '{"id":')
  expect((await open().list()).map((job) => job.id)).toEqual([id])
  expect((await readdir(join(folder, 'jobs'))).filter((name) => name.endsWith('.part'))).toEqual([])
})

it('stops following when the reader leaves, and the job goes on', async () => {
  const jobs = open()
  const { id } = await jobs.enqueue('count', count(30, 10), 'anna')
  const reader = new AbortController()
  for await (const job of jobs.follow(id, reader.signal)) if (job.progress.done > 0) reader.abort()
  expect((await end(jobs, id)).state).toBe('done')
})
