import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { isFinal, type Job, type JobFailure, type JobItem, type JobProgress } from './job.ts'
import { JobError } from './job-error.ts'
import { type JobFiles, openJobFiles } from './job-files.ts'
import { Waiters } from './waiters.ts'

/**
 * What a kind of job does. It must be able to begin again from nothing: a process can end under it at any moment.
 */
export type JobWork = (job: Job, context: JobContext) => Promise<void>

export interface JobContext {
  /** Aborted when the job is cancelled: the work has to end then. */
  readonly signal: AbortSignal
  report(progress: JobProgress): void
  /** Notes what became of one thing. */
  add(item: JobItem): void
  /** Ends this attempt without an outcome: the job begins again after so many seconds, and others run meanwhile. */
  postpone(seconds: number): never
}

export interface JobsOptions {
  /** Made when it is needed. */
  readonly folder: string
  readonly kinds: Readonly<Record<string, JobWork>>
  /** What people read of a failure. */
  readonly describe: (error: unknown) => JobFailure
  /** Jobs at work at once. Default 2. */
  readonly running?: number
  /** Finished jobs that are kept, the oldest dropped first. Default 200. */
  readonly history?: number
  /** Jobs that may wait. Default 100. */
  readonly waiting?: number
}

/** Long work that outlives a page, and a restart: what was not finished is begun again by `resume`. */
export interface Jobs {
  /** Resolves once the job is on disk. @throws JobError */
  enqueue(kind: string, input: Job['input'], owner: string): Promise<Job>
  /** Newest first. */
  list(): Promise<readonly Job[]>
  get(id: string): Promise<Job | undefined>
  /** Ends a job that waits or runs; a final one stays as it is. */
  cancel(id: string): Promise<Job | undefined>
  /** The job now and after each change, until it is final. What is quicker than a reader is passed over. */
  follow(id: string, signal: AbortSignal): AsyncGenerator<Job, void>
  /** Begins what the last process left unfinished. Called once, when the server starts; everything else waits for it. */
  resume(): Promise<void>
  /** Stops without ending any job, as if the process had ended. */
  close(): Promise<void>
}

/** A job under which the process ended this often is likely the reason. */
const MAX_ATTEMPTS = 5
const MAX_ITEMS = 1000
const RUNNING = 2
/** Longer timers would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1
/** Milliseconds between two saves of how far a job has come, and between two looks of a follower. */
const SAVE_EVERY = 1000
const PACE = 100

export function openJobs(options: JobsOptions): Jobs {
  return new FileJobs(options)
}

class Postponed extends Error {
  readonly seconds: number

  constructor(seconds: number) {
    super(`begins again in ${seconds} s`)
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
  #loaded: Promise<void> | undefined
  #jobs = new Map<string, Job>()
  /** Asked for and not on disk yet. */
  #arriving = 0
  #runs = new Map<string, Run>()
  /** Per job, so that an older state never overwrites a newer one. */
  #writes = new Map<string, Promise<void>>()
  #savedAt = new Map<string, number>()
  #waiters = new Waiters()
  #closed = false
  /** Wakes the queue for the job that was postponed least. */
  #alarm: NodeJS.Timeout | undefined

  constructor(options: JobsOptions) {
    this.#options = options
    this.#files = openJobFiles(options.folder)
  }

  async enqueue(kind: string, input: Job['input'], owner: string): Promise<Job> {
    await this.resume()
    if (!Object.hasOwn(this.#options.kinds, kind)) throw new JobError('unknown-kind', `no job is of kind ${kind}`)
    const { waiting = 100, running = RUNNING } = this.#options
    const queued = this.#all().filter((job) => job.state === 'queued' && !job.notBefore).length
    if (queued + this.#arriving >= waiting + Math.max(0, running - this.#runs.size))
      throw new JobError('too-many', `${waiting} jobs are waiting already`)
    const job: Job = {
      id: randomBytes(16).toString('base64url'),
      kind,
      owner,
      input,
      state: 'queued',
      created: new Date().toISOString(),
      attempts: 0,
      progress: { done: 0, total: 0, counts: {} },
      items: [],
    }
    this.#arriving++
    await this.#files.write(job, { durable: true }).finally(() => this.#arriving--)
    this.#jobs.set(job.id, job)
    this.#start()
    return job
  }

  async list(): Promise<readonly Job[]> {
    await this.resume()
    return this.#all().reverse()
  }

  async get(id: string): Promise<Job | undefined> {
    await this.resume()
    return this.#jobs.get(id)
  }

  async cancel(id: string): Promise<Job | undefined> {
    const job = await this.get(id)
    if (!job || isFinal(job)) return job
    const run = this.#runs.get(id)
    if (run) {
      run.controller.abort()
      await run.end
    } else await this.#settle(this.#set(job, { state: 'cancelled' }), { state: 'cancelled' })
    return this.#jobs.get(id)
  }

  async *follow(id: string, signal: AbortSignal): AsyncGenerator<Job, void> {
    await this.resume()
    for (;;) {
      const job = this.#jobs.get(id)
      if (!job) return
      const changed = this.#waiters.wait(id, signal)
      yield job
      if (isFinal(job)) return
      await changed
      await delay(PACE, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
    }
  }

  resume(): Promise<void> {
    this.#loaded ??= this.#load().catch((error) => {
      // A folder that cannot be read now may be read by the next who asks.
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#alarm)
    const runs = [...this.#runs.values()]
    for (const { controller } of runs) controller.abort()
    await Promise.all(runs.map(({ end }) => end))
    await Promise.all(this.#writes.values())
  }

  async #load(): Promise<void> {
    for (const job of await this.#files.read()) this.#jobs.set(job.id, job)
    for (const job of this.#all()) if (job.state === 'running') this.#set(job, { state: 'queued' })
    this.#start()
  }

  /** In the order in which they were asked for. */
  #all(): Job[] {
    return [...this.#jobs.values()]
  }

  #start(): void {
    const { running = RUNNING } = this.#options
    const now = Date.now()
    let next = Number.POSITIVE_INFINITY
    for (const job of this.#all()) {
      if (this.#closed || this.#runs.size >= running) return
      if (job.state !== 'queued' || this.#runs.has(job.id)) continue
      const at = job.notBefore ? Date.parse(job.notBefore) : now
      if (at <= now) this.#run(job)
      else next = Math.min(next, at)
    }
    clearTimeout(this.#alarm)
    if (next === Number.POSITIVE_INFINITY) return
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
      await this.#save(job, true)
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
      // On the way out of the process it stays unfinished, to be begun again.
      if (this.#closed) return
      if (error instanceof Postponed && !signal.aborted) return this.#postpone(this.#current(job), error.seconds)
      const how = signal.aborted
        ? ({ state: 'cancelled' } as const)
        : ({ state: 'failed', failure: this.#options.describe(error) } as const)
      await this.#settle(this.#current(job), how)
    }
  }

  async #postpone(job: Job, seconds: number): Promise<void> {
    const notBefore = new Date(Date.now() + seconds * 1000).toISOString()
    const postponed = this.#set(job, { state: 'queued', attempts: 0, notBefore })
    await this.#save(postponed, true).catch((error) => console.error(`Job ${job.id} could not be kept`, error))
  }

  #current(job: Job): Job {
    return this.#jobs.get(job.id) ?? job
  }

  #note(id: string, change: Partial<Job>): void {
    const job = this.#jobs.get(id)
    if (!job || isFinal(job)) return
    const changed = this.#set(job, change)
    const now = Date.now()
    if (now - (this.#savedAt.get(id) ?? 0) < SAVE_EVERY) return
    this.#savedAt.set(id, now)
    // Only how far it has come: the next note or the end says it again.
    void this.#save(changed, false).catch(() => {})
  }

  /** What cannot be written is still true in this process; the log says that it will not be known after it. */
  async #settle(job: Job, how: Pick<Job, 'state' | 'failure'>): Promise<void> {
    const ended = { ...job, ...how, ended: new Date().toISOString() }
    await this.#save(ended, true).catch((error) => console.error(`Job ${job.id} could not be kept`, error))
    this.#set(job, ended)
    this.#savedAt.delete(job.id)
    await this.#trim()
  }

  #set(job: Job, change: Partial<Job>): Job {
    const changed: Job = { ...job, ...change }
    this.#jobs.set(job.id, changed)
    this.#waiters.wake(job.id)
    return changed
  }

  #save(job: Job, durable: boolean): Promise<void> {
    const before = this.#writes.get(job.id) ?? Promise.resolve()
    const write = before.catch(() => {}).then(() => this.#files.write(job, { durable }))
    const settled = write.catch(() => {})
    this.#writes.set(job.id, settled)
    void settled.then(() => {
      if (this.#writes.get(job.id) === settled) this.#writes.delete(job.id)
    })
    return write
  }

  async #trim(): Promise<void> {
    const { history = 200 } = this.#options
    const finished = this.#all().filter(isFinal)
    for (const { id } of finished.slice(0, Math.max(0, finished.length - history))) {
      this.#jobs.delete(id)
      await this.#files.remove(id).catch((error) => console.error(`Job ${id} could not be dropped`, error))
    }
  }
}
