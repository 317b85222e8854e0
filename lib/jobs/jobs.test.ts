import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Job } from './job.ts'
import { type Jobs, type JobsOptions, type JobWork, openJobs } from './jobs.ts'
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

it('lets others run while a job is postponed, and begins it again after a restart', async () => {
  let begun = 0
  const waits: JobWork = async (_, context) => {
    begun += 1
    if (begun < 3) context.postpone(begun === 1 ? 0.05 : 0.3)
  }
  const kinds = { waits, count: countSlowly }
  const first = open({ kinds, running: 1 })
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

it('runs a job, tells its progress and outcome, and still lists it after a restart', async () => {
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

it('begins again what was under way when the process was killed', async () => {
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

it('gives up a job under which the process ends again and again', async () => {
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
  const jobs = open({ running: 1 })
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

it('says why a job failed, and goes on with the others', async () => {
  const failing = async () => {
    throw new Error('the registry is down')
  }
  const jobs = open({ running: 1, kinds: { count: countSlowly, fail: failing } })
  const bad = await jobs.enqueue('fail', {}, 'anna')
  const good = await jobs.enqueue('count', count(2), 'anna')
  expect(await end(jobs, bad.id)).toMatchObject({ state: 'failed', failure: { detail: 'the registry is down' } })
  expect((await end(jobs, good.id)).state).toBe('done')
  await expect(jobs.enqueue('toString', {}, 'anna')).rejects.toMatchObject({ code: 'unknown-kind' })
})

it('never works on more than two jobs at once, and takes them in turn', async () => {
  let now = 0
  let most = 0
  const order: unknown[] = []
  const busy = async (job: Job) => {
    order.push(job.input)
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 5))
    now--
  }
  const jobs = open({ kinds: { busy } })
  const all = []
  for (let index = 0; index < 8; index++) all.push(await jobs.enqueue('busy', index, 'anna'))
  await Promise.all(all.map(({ id }) => end(jobs, id)))
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

it('keeps a bounded history, and lets a bounded number wait', async () => {
  const jobs = open({ history: 3, waiting: 1, running: 1 })
  const ids: string[] = []
  for (let index = 0; index < 5; index++) {
    const { id } = await jobs.enqueue('count', count(1), 'anna')
    await end(jobs, id)
    ids.push(id)
  }
  await jobs.enqueue('count', count(1000, 5), 'anna')
  await jobs.enqueue('count', count(1), 'anna')
  await expect(jobs.enqueue('count', count(1), 'anna')).rejects.toMatchObject({ code: 'too-many' })
  await jobs.close()
  const kept = (await open().list()).map(({ id }) => id)
  expect(kept).toHaveLength(5)
  expect(kept).toEqual(expect.arrayContaining(ids.slice(2)))
  expect(kept).not.toEqual(expect.arrayContaining([ids[0]]))
})

it('lets no more wait where many ask at once', async () => {
  const jobs = open({ waiting: 1, running: 1, kinds: { wait: untilCancelled } })
  const asked = await Promise.allSettled(Array.from({ length: 5 }, () => jobs.enqueue('wait', {}, 'anna')))
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
})

it('looks again where the folder could not be read', async () => {
  await writeFile(join(folder, 'jobs'), 'no folder')
  const jobs = open()
  await expect(jobs.list()).rejects.toThrow('ENOTDIR')
  await rm(join(folder, 'jobs'))
  expect(await jobs.list()).toEqual([])
})

it('passes over files that are no jobs and removes what a crash left half-written', async () => {
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

it('ends following when the reader goes away, and the job goes on', async () => {
  const jobs = open()
  const { id } = await jobs.enqueue('count', count(30, 10), 'anna')
  const reader = new AbortController()
  for await (const job of jobs.follow(id, reader.signal)) if (job.progress.done > 0) reader.abort()
  expect((await end(jobs, id)).state).toBe('done')
})
