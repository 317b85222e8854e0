import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openStore, type StoreLocation } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { describeEachDatabase } from '../store/testing/each-database.ts'
import type { Job } from './job.ts'
import type { Jobs, JobsOptions, JobWork } from './jobs.ts'
import { openJobs } from './open-jobs.ts'
import { countSlowly } from './testing/count-slowly.ts'

/** Milliseconds: long enough for a process of a busy machine to renew its leases. */
const TTL = 2_000

describeEachDatabase('jobs', (databases) => {
  let folder = ''
  let location: StoreLocation
  let opened: { readonly jobs: Jobs; readonly store: Store }[] = []
  let children: ChildProcess[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lading-jobs-'))
    location = await databases.create()
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    await Promise.all(opened.map(({ jobs }) => jobs.close()))
    await Promise.all(opened.map(({ store }) => store.close()))
    opened = []
    children = []
    await rm(folder, { recursive: true, force: true })
  })

  /** As another process has it: with a connection of its own. */
  async function open(options: Partial<JobsOptions> = {}): Promise<Jobs> {
    const store = await openStore(location)
    const jobs = openJobs({
      store: async () => store,
      kinds: { count: countSlowly },
      ttl: TTL,
      describe: (error) => ({
        code: 'test',
        title: 'Failed',
        detail: error instanceof Error ? error.message : 'unknown',
      }),
      ...options,
    })
    opened.push({ jobs, store })
    return jobs
  }

  const count = (steps: number, pause = 1) => ({ file: join(folder, 'counted'), steps, pause })
  const never = new AbortController().signal
  const untilCancelled: JobWork = (_, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  async function end(jobs: Jobs, id: string): Promise<Job | undefined> {
    let last: Job | undefined
    for await (const job of jobs.follow(id, never)) last = job
    return last
  }

  async function startProcess(): Promise<{ readonly child: ChildProcess; readonly id: string }> {
    const program = join(import.meta.dirname, 'testing', 'count-and-be-killed.ts')
    const args = [program, JSON.stringify(location), join(folder, 'counted'), String(TTL)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const id = await new Promise<string>((resolve) => {
      child.stdout.on('data', (data) => {
        const [name = '', done] = String(data).trim().split(/\s/).slice(-2)
        if (Number(done) >= 5) resolve(name)
      })
    })
    return { child, id }
  }

  it('lets others run while a job is postponed, and starts it again after a restart', async () => {
    let begun = 0
    const waits: JobWork = async (_, context) => {
      begun += 1
      if (begun < 3) context.postpone(begun === 1 ? 0.05 : 0.5)
    }
    const kinds = { waits, count: countSlowly }
    const first = await open({ kinds, limits: { running: 1 } })
    const { id } = await first.enqueue('waits', null, 'anna')
    const other = await first.enqueue('count', count(3), 'anna')
    expect(await end(first, other.id)).toMatchObject({ state: 'done' })
    await expect.poll(() => begun).toBe(2)
    await expect.poll(async () => (await first.get(id))?.notBefore).toBeDefined()
    expect(await first.get(id)).toMatchObject({ state: 'queued' })
    await first.close()
    const second = await open({ kinds })
    second.start()
    expect(begun).toBe(2)
    expect(await end(second, id)).toMatchObject({ state: 'done', attempts: 1 })
    expect(begun).toBe(3)
  })

  it('wakes a job after every postponement', async () => {
    let begun = 0
    const often: JobWork = async (_, { postpone }) => {
      if (++begun < 20) postpone(0.002)
    }
    const jobs = await open({ kinds: { often, later: async (_, { postpone }) => postpone(3600) } })
    for (let index = 0; index < 5; index++) await jobs.enqueue('later', index, 'anna')
    const { id } = await jobs.enqueue('often', null, 'anna')
    expect(await end(jobs, id)).toMatchObject({ state: 'done' })
  })

  it('runs a job, reports its progress and outcome, and still lists it after a restart', async () => {
    const jobs = await open()
    const { id, state } = await jobs.enqueue('count', count(20, 15), 'anna')
    expect(state).toBe('queued')
    const seen: number[] = []
    for await (const job of jobs.follow(id, never)) seen.push(job.progress.done)
    expect(seen.at(-1)).toBe(20)
    expect(seen.length).toBeGreaterThan(2)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    await jobs.close()
    const [job] = await (await open()).list()
    expect(job).toMatchObject({ id, owner: 'anna', state: 'done', attempts: 1, progress: { done: 20, total: 20 } })
    expect(job?.items).toHaveLength(20)
  })

  it('continues a killed process’s job in another process', async () => {
    const { child, id } = await startProcess()
    const started: number[] = []
    const jobs = await open({
      kinds: {
        count: async (job) => {
          started.push(job.attempts)
        },
      },
    })
    jobs.start()
    await new Promise((resolve) => setTimeout(resolve, 1.5 * TTL))
    expect(started, 'while its process is alive').toEqual([])
    child.kill('SIGKILL')
    const killedAt = performance.now()
    expect(await end(jobs, id)).toMatchObject({ id, owner: 'anna', state: 'done', attempts: 2 })
    expect(performance.now() - killedAt).toBeLessThan(TTL + 20_000)
    expect(started).toEqual([2])
  })

  it('takes a job over from a stopped process, which changes nothing any more when it wakes', async () => {
    const { child, id } = await startProcess()
    const finish = Promise.withResolvers<void>()
    const jobs = await open({ kinds: { count: () => finish.promise } })
    const isTaken = async () => (await jobs.get(id))?.attempts === 2
    jobs.start()
    // SQLite allows no other writer during a transaction: a process stopped in the middle of one is stopped again
    // later.
    for (;;) {
      child.kill('SIGSTOP')
      if (
        await vi
          .waitFor(async () => expect(await isTaken()).toBe(true), 2 * TTL + 2_000)
          .then(
            () => true,
            () => false,
          )
      )
        break
      child.kill('SIGCONT')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    child.kill('SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, 2 * TTL))
    finish.resolve()
    const job = await end(jobs, id)
    expect(job).toMatchObject({ state: 'done', attempts: 2, items: [] })
    const counted = (await readFile(join(folder, 'counted'), 'utf8')).split('\n')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await readFile(join(folder, 'counted'), 'utf8')).split('\n')).toEqual(counted)
  })

  it('hands its running jobs to others at once when its process shuts down', async () => {
    const first = await open({ kinds: { wait: untilCancelled } })
    const { id } = await first.enqueue('wait', null, 'anna')
    await expect.poll(async () => (await first.get(id))?.state).toBe('running')
    const second = await open({ kinds: { wait: async () => {} } })
    await first.close()
    second.start()
    // A job whose process is thought dead counts another attempt.
    expect(await end(second, id)).toMatchObject({ state: 'done', attempts: 1 })
  })

  it('gives up a job that crashes its process again and again', async () => {
    const jobs = await open()
    const store = opened[0]?.store as Store
    const { id } = await jobs.enqueue('count', count(1), 'anna')
    await end(jobs, id)
    await sql`update job set state = 'running', ended_at = null, attempts = 5`.execute(store.write)
    expect(await end(jobs, id)).toMatchObject({
      state: 'failed',
      failure: { detail: expect.stringContaining('5 times') },
    })
  })

  it('is listed, followed and cancelled from every process, whichever runs it', async () => {
    const runner = await open({ kinds: { wait: untilCancelled, count: countSlowly } })
    const other = await open()
    const { id } = await runner.enqueue('wait', null, 'anna')
    const waiting = await runner.enqueue('count', count(1), 'anna')
    await expect.poll(async () => (await other.get(id))?.state).toBe('running')
    expect((await other.list()).map((job) => job.id)).toEqual([waiting.id, id])
    expect((await other.unfinished()).map((job) => job.id)).toEqual([id, waiting.id])
    expect(await other.cancel(waiting.id)).toMatchObject({ state: 'cancelled', attempts: 0 })
    const followed = end(other, id)
    expect(await other.cancel(id)).toMatchObject({ state: 'cancelled', attempts: 1 })
    expect(await followed).toMatchObject({ state: 'cancelled' })
    expect(await runner.get(id)).toMatchObject({ state: 'cancelled' })
    const counting = await runner.enqueue('count', count(60, 40), 'anna')
    const seen: number[] = []
    for await (const { progress } of other.follow(counting.id, never)) seen.push(progress.done)
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.at(-1)).toBe(60)
    expect(await other.cancel(counting.id)).toMatchObject({ state: 'done' })
  })

  it('shows other processes the last progress before a job makes none', async () => {
    const stalls: JobWork = async (_, { signal, report }) => {
      report({ done: 1, total: 2, counts: {} })
      report({ done: 2, total: 2, counts: {} })
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const runner = await open({ kinds: { stalls } })
    const other = await open({ kinds: {} })
    const { id } = await runner.enqueue('stalls', null, 'anna')
    await expect.poll(async () => (await other.get(id))?.progress.done, { timeout: 5_000 }).toBe(2)
    await runner.cancel(id)
  })

  it('cancels a job that runs here, and its work ends', async () => {
    const jobs = await open()
    const { id } = await jobs.enqueue('count', count(1000, 5), 'anna')
    await expect.poll(async () => (await jobs.get(id))?.progress.done).toBeGreaterThan(2)
    expect(await jobs.cancel(id)).toMatchObject({ state: 'cancelled', attempts: 1 })
    const counted = await readFile(join(folder, 'counted'), 'utf8')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await readFile(join(folder, 'counted'), 'utf8')).toBe(counted)
  })

  it('doesn’t restart a job cancelled while its process was down', async () => {
    let begun = 0
    const jobs = await open({ kinds: { count: async () => void begun++ } })
    const store = opened[0]?.store as Store
    const { id } = await jobs.enqueue('count', 1, 'anna')
    await end(jobs, id)
    await sql`update job set state = 'running', ended_at = null, wanted = 'cancel'`.execute(store.write)
    expect(await end(jobs, id)).toMatchObject({ state: 'cancelled' })
    expect(begun).toBe(1)
  })

  it('never runs two jobs at once that share a lease, in whatever process', async () => {
    let now = 0
    let most = 0
    const alone: JobWork = async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 30))
      now--
    }
    const options = { kinds: { alone }, leaseOf: () => 'sync hub' }
    const [one, other] = [await open(options), await open(options)]
    const all = await Promise.all(
      ['anna', 'bo', 'cleo', 'dan'].map((owner, index) => (index % 2 ? one : other).enqueue('alone', index, owner)),
    )
    await Promise.all(all.map(({ id }) => end(one, id)))
    expect(most).toBe(1)
  })

  it('says why a job failed and continues with the others', async () => {
    const failing = async () => {
      throw new Error('the registry is down')
    }
    const jobs = await open({ kinds: { count: countSlowly, fail: failing } })
    const bad = await jobs.enqueue('fail', {}, 'anna')
    const good = await jobs.enqueue('count', count(2), 'anna')
    expect(await end(jobs, bad.id)).toMatchObject({ state: 'failed', failure: { detail: 'the registry is down' } })
    expect(await end(jobs, good.id)).toMatchObject({ state: 'done' })
    await expect(jobs.enqueue('toString', {}, 'anna')).rejects.toMatchObject({ code: 'unknown-kind' })
  })

  it('runs two jobs at once, one per owner, and gives every owner a turn', async () => {
    let now = 0
    let most = 0
    const order: unknown[] = []
    const busy = async (job: Job) => {
      order.push(job.input)
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 20))
      now--
    }
    const gate = Promise.withResolvers<void>()
    const jobs = await open({ kinds: { busy, hold: () => gate.promise } })
    const held = [await jobs.enqueue('hold', 0, 'first'), await jobs.enqueue('hold', 0, 'second')]
    const all = []
    for (let index = 0; index < 8; index++) all.push(await jobs.enqueue('busy', `anna ${index}`, 'anna'))
    all.push(await jobs.enqueue('busy', 'bo 0', 'bo'))
    gate.resolve()
    await Promise.all([...held, ...all].map(({ id }) => end(jobs, id)))
    expect(most).toBeLessThanOrEqual(2)
    expect(order.filter((input) => String(input).startsWith('anna'))).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => `anna ${index}`),
    )
    expect(order.slice(0, 2)).toEqual(expect.arrayContaining(['anna 0', 'bo 0']))
  })

  it('keeps a bounded history of each owner', async () => {
    const jobs = await open({ limits: { historyOfOwner: 3 } })
    const ids: string[] = []
    const other = await jobs.enqueue('count', count(1), 'bo')
    await end(jobs, other.id)
    for (let index = 0; index < 5; index++) {
      const { id } = await jobs.enqueue('count', count(1), 'anna')
      await end(jobs, id)
      ids.push(id)
    }
    await jobs.close()
    const kept = (await (await open()).list()).map(({ id }) => id)
    expect(kept.toSorted()).toEqual([other.id, ...ids.slice(2)].toSorted())
  })

  it('bounds each owner’s waiting jobs, however many processes are asked at once', async () => {
    const options = { limits: { waitingOfOwner: 2 }, kinds: { wait: untilCancelled } }
    const processes = [await open(options), await open(options)]
    const [jobs] = processes
    const asked = await Promise.allSettled(
      Array.from({ length: 9 }, (_, index) => processes[index % 2]?.enqueue('wait', index, 'anna')),
    )
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await expect(jobs?.enqueue('wait', 'more', 'anna')).rejects.toMatchObject({ code: 'too-many' })
    expect(await jobs?.enqueue('wait', 0, 'bo')).toMatchObject({ state: 'queued' })
  })

  it('merges a job requested twice until it has ended, whichever process is asked', async () => {
    const options = { kinds: { wait: untilCancelled } }
    const [jobs, other] = [await open(options), await open(options)]
    const [one, same] = await Promise.all([
      jobs.enqueue('wait', { a: 1 }, 'anna'),
      other.enqueue('wait', { a: 1 }, 'anna'),
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

  it('stops following when the reader leaves, and the job continues', async () => {
    const jobs = await open()
    const { id } = await jobs.enqueue('count', count(30, 10), 'anna')
    const reader = new AbortController()
    for await (const job of jobs.follow(id, reader.signal)) if (job.progress.done > 0) reader.abort()
    expect(await end(jobs, id)).toMatchObject({ state: 'done' })
  })

  it('loses no job while the database restarts', async ({ skip }) => {
    skip(databases.kind !== 'postgres', 'SQLite has no server that restarts')
    const server = databases.server()
    const jobs = await open()
    const { id } = await jobs.enqueue('count', count(200, 20), 'anna')
    await expect.poll(async () => (await jobs.get(id))?.progress.done).toBeGreaterThan(5)
    await server.kill()
    await new Promise((resolve) => setTimeout(resolve, TTL))
    await server.restart()
    const backAt = performance.now()
    await expect.poll(() => jobs.get(id).catch(() => undefined)).toMatchObject({ state: 'running', attempts: 2 })
    expect(performance.now() - backAt).toBeLessThan(20_000)
    expect(await end(jobs, id)).toMatchObject({ state: 'done', progress: { done: 200, total: 200 } })
  })
})
