import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { steadyNow } from '../config/steady-clock.ts'
import { isFinal, type Job } from './job.ts'
import { JobError } from './job-error.ts'
import { type JobFiles, openJobFiles } from './job-files.ts'
import { JobWriter } from './job-writer.ts'
import type { Jobs, JobsOptions } from './jobs.ts'
import { LIMITS, Turns } from './turns.ts'
import { Waiters } from './waiters.ts'

/** A job under which the process ended this often is likely the reason. */
const MAX_ATTEMPTS = 5
const MAX_ITEMS = 1000
/** Longer timers would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1
/** Milliseconds between two looks of a follower, and between two reads by a process that only shows jobs. */
const FOLLOW_EVERY = 100
const READ_EVERY = 1000

/** The name of the reason that work is aborted with when its process ends: it will be continued. */
export const SHUTDOWN = 'ShutdownError'

export function openJobs(options: JobsOptions): Jobs {
  return new FileJobs(options)
}

class Postponed extends Error {
  readonly seconds: number

  constructor(seconds: number) {
    super(`starts over in ${seconds} s`)
    this.seconds = seconds
  }
}

interface Run {
  readonly controller: AbortController
  readonly end: Promise<void>
}

class FileJobs implements Jobs {
  #options: JobsOptions
  #files: JobFiles
  #writer: JobWriter
  #loaded: Promise<void> | undefined
  #jobs = new Map<string, Job>()
  /** Asked for and not on disk yet, by owner, kind and input. */
  #arriving = new Map<string, { readonly owner: string; readonly written: Promise<Job> }>()
  #turns: Turns
  #readAt = Number.NEGATIVE_INFINITY
  #runs = new Map<string, Run>()
  #waiters = new Waiters()
  #closed = false
  /** For the next job that was postponed. */
  #alarm: NodeJS.Timeout | undefined

  constructor(options: JobsOptions) {
    this.#options = options
    this.#files = openJobFiles(options.folder)
    this.#writer = new JobWriter(this.#files)
    this.#turns = new Turns({ ...LIMITS, ...options.limits }, options.personOf)
  }

  async enqueue(kind: string, input: Job['input'], owner: string): Promise<Job> {
    await this.#workHere()
    if (!Object.hasOwn(this.#options.kinds, kind)) throw new JobError('unknown-kind', `no job is of kind ${kind}`)
    const same = this.#same(kind, input, owner)
    if (same) return same
    const arriving = [...this.#arriving.values()]
    const { personOf = (name: string) => name } = this.#options
    const own = arriving.filter((one) => personOf(one.owner) === personOf(owner)).length
    const refusal = this.#turns.refusal(this.#all(), owner, { own, all: arriving.length })
    if (refusal && !this.#options.neverRefused?.includes(kind)) throw new JobError('too-many', refusal)
    const key = keyOf({ kind, input, owner })
    const written = this.#write({
      id: randomBytes(16).toString('base64url'),
      kind,
      owner,
      input,
      state: 'queued',
      created: new Date().toISOString(),
      attempts: 0,
      progress: { done: 0, total: 0, counts: {} },
      items: [],
    })
    this.#arriving.set(key, { owner, written })
    return written.finally(() => this.#arriving.delete(key))
  }

  async list(): Promise<readonly Job[]> {
    await this.#known()
    return this.#all().reverse()
  }

  async get(id: string): Promise<Job | undefined> {
    await this.#known()
    return this.#jobs.get(id)
  }

  async cancel(id: string): Promise<Job | undefined> {
    await this.#workHere()
    const job = this.#jobs.get(id)
    if (!job || isFinal(job)) return job
    const run = this.#runs.get(id)
    if (run) {
      run.controller.abort()
      await run.end
    } else await this.#settle(this.#set(job, { state: 'cancelled' }), { state: 'cancelled' })
    return this.#jobs.get(id)
  }

  async *follow(id: string, signal: AbortSignal): AsyncGenerator<Job, void> {
    let shown: Job | undefined
    for (;;) {
      await this.#known()
      const job = this.#jobs.get(id)
      if (!job) return
      const changed = this.#waiters.wait(id, signal)
      if (job !== shown) yield job
      shown = job
      if (isFinal(job)) return
      // Another process wakes nobody here.
      await (this.#isWorker() ? changed : delay(READ_EVERY, undefined, { signal }).catch(() => {}))
      await delay(FOLLOW_EVERY, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
    }
  }

  resume(): Promise<void> {
    this.#loaded ??= this.#load().catch((error) => {
      // The folder may be readable for the next caller.
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#alarm)
    const runs = [...this.#runs.values()]
    for (const { controller } of runs) controller.abort(new DOMException('the process ends', SHUTDOWN))
    await Promise.all(runs.map(({ end }) => end))
    await this.#writer.settled()
  }

  #isWorker(): boolean {
    return this.#options.isWorker?.() ?? true
  }

  /** For what only the process may do that runs the jobs. */
  async #workHere(): Promise<void> {
    if (!this.#isWorker())
      throw new JobError('elsewhere', 'another Lading process uses the same DATA_DIR, and that one runs the jobs')
    await this.resume()
  }

  /** For looking at jobs, which another process may be changing on disk. */
  async #known(): Promise<void> {
    if (this.#isWorker()) return this.resume()
    const now = performance.now()
    if (now - this.#readAt < READ_EVERY) return
    this.#readAt = now
    const jobs = await this.#files.read({ tidy: false })
    if (!this.#isWorker()) this.#jobs = new Map(jobs.map((job) => [job.id, job]))
  }

  #same(kind: string, input: Job['input'], owner: string): Job | Promise<Job> | undefined {
    const key = keyOf({ kind, input, owner })
    return this.#arriving.get(key)?.written ?? this.#all().find((job) => !isFinal(job) && keyOf(job) === key)
  }

  async #write(job: Job): Promise<Job> {
    await this.#files.write(job, { durable: true })
    this.#jobs.set(job.id, job)
    this.#start()
    return job
  }

  async #load(): Promise<void> {
    const jobs = await this.#files.read({ tidy: true })
    this.#jobs = new Map(jobs.map((job) => [job.id, job]))
    for (const job of this.#all()) if (job.state === 'running') this.#set(job, { state: 'queued' })
    this.#start()
  }

  /** In the order they were requested. */
  #all(): Job[] {
    return [...this.#jobs.values()]
  }

  #start(): void {
    const isDue = (job: Job) => job.notBefore === undefined || Date.parse(job.notBefore) <= steadyNow()
    while (!this.#closed) {
      const ready = this.#all().filter((job) => job.state !== 'queued' || isDue(job))
      const job = this.#turns.next(ready, (id) => this.#runs.has(id))
      if (!job) break
      this.#run(job)
    }
    this.#setAlarm()
  }

  /** Wakes the queue for the next job that was postponed. */
  #setAlarm(): void {
    clearTimeout(this.#alarm)
    const now = steadyNow()
    const times = this.#all().flatMap(({ state, notBefore }) =>
      state === 'queued' && notBefore ? [Date.parse(notBefore)] : [],
    )
    const next = Math.min(...times.filter((at) => at > now))
    if (this.#closed || next === Number.POSITIVE_INFINITY) return
    this.#alarm = setTimeout(() => this.#start(), Math.min(next - now, MAX_TIMEOUT)).unref()
  }

  #run(job: Job): void {
    const controller = new AbortController()
    const end = this.#work(job, controller.signal).finally(() => {
      this.#runs.delete(job.id)
      this.#start()
    })
    this.#runs.set(job.id, { controller, end })
  }

  async #work(queued: Job, signal: AbortSignal): Promise<void> {
    const job = this.#set(queued, {
      state: 'running',
      started: new Date().toISOString(),
      notBefore: undefined,
      attempts: queued.attempts + 1,
      items: [],
    })
    try {
      if (job.attempts > MAX_ATTEMPTS) throw new Error(`the process ended under job ${job.id} ${MAX_ATTEMPTS} times`)
      const work = Object.hasOwn(this.#options.kinds, job.kind) ? this.#options.kinds[job.kind] : undefined
      if (!work) throw new JobError('unknown-kind', `no job is of kind ${job.kind}`)
      await this.#writer.save(job)
      signal.throwIfAborted()
      await work(job, {
        signal,
        report: (progress) => this.#note(job.id, { progress }),
        add: (item) => {
          const { items } = this.#current(job)
          if (items.length < MAX_ITEMS) this.#note(job.id, { items: [...items, item] })
        },
        postpone: (seconds) => {
          throw new Postponed(seconds)
        },
      })
      await this.#settle(this.#current(job), { state: 'done' })
    } catch (error) {
      // While the process shuts down it stays unfinished, to be started again.
      if (this.#closed) return
      if (error instanceof Postponed && !signal.aborted) return this.#postpone(this.#current(job), error.seconds)
      const how = signal.aborted
        ? ({ state: 'cancelled' } as const)
        : ({ state: 'failed', failure: this.#options.describe(error) } as const)
      await this.#settle(this.#current(job), how)
    }
  }

  async #postpone(job: Job, seconds: number): Promise<void> {
    const notBefore = new Date(steadyNow() + seconds * 1000).toISOString()
    const postponed = this.#set(job, { state: 'queued', attempts: 0, notBefore })
    await this.#writer.save(postponed).catch((error) => console.error(`Job ${job.id} could not be saved`, error))
  }

  #current(job: Job): Job {
    return this.#jobs.get(job.id) ?? job
  }

  #note(id: string, change: Partial<Job>): void {
    const job = this.#jobs.get(id)
    if (!job || isFinal(job)) return
    const changed = this.#set(job, change)
    this.#writer.saveProgress(changed)
  }

  /** A job that can't be written is still known in this process; the log says that it won't be after a restart. */
  async #settle(job: Job, how: Pick<Job, 'state' | 'failure'>): Promise<void> {
    const ended = { ...job, ...how, ended: new Date().toISOString() }
    await this.#writer.save(ended).catch((error) => console.error(`Job ${job.id} could not be saved`, error))
    this.#set(job, ended)
    await this.#trim()
  }

  #set(job: Job, change: Partial<Job>): Job {
    const changed: Job = { ...job, ...change }
    this.#jobs.set(job.id, changed)
    this.#waiters.wake(job.id)
    return changed
  }

  async #trim(): Promise<void> {
    for (const { id } of this.#turns.outdated(this.#all())) {
      this.#jobs.delete(id)
      await this.#files.remove(id).catch((error) => console.error(`Job ${id} could not be removed`, error))
    }
  }
}

function keyOf({ kind, input, owner }: Pick<Job, 'kind' | 'input' | 'owner'>): string {
  return JSON.stringify([owner, kind, input])
}
