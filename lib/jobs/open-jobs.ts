import { setTimeout as delay } from 'node:timers/promises'
import { isCutShort } from '../store/cut-short.ts'
import { fencedBy } from '../store/leases/fence.ts'
import { keepLease, LEASE_TTL, type Lease } from '../store/leases/lease.ts'
import type { Store } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import { isInterrupted, SHUTDOWN } from './interrupted.ts'
import { isFinal, type Job } from './job.ts'
import { JobError } from './job-error.ts'
import { type ClaimedJob, JobStore } from './job-store.ts'
import type { Jobs, JobsOptions } from './jobs.ts'
import { LIMITS, type Limits } from './turns.ts'
import { Waiters } from './waiters.ts'

/** A job under which the process ended this often is likely the reason. */
const MAX_ATTEMPTS = 5
const MAX_ITEMS = 1000
/** Milliseconds between checks of the queue: other processes may have asked for work, cancelled it, or ended. */
const LOOK_EVERY = 1000
/** Milliseconds between saves of a job's progress, and between a follower's checks of a job that runs elsewhere. */
const SAVE_EVERY = 1000
const READ_EVERY = 1000
/** Milliseconds between a follower's checks of a job that runs here. */
const FOLLOW_EVERY = 100
/** Milliseconds that cancelling waits for the process that runs the job. */
const CANCELLED_WITHIN = 10_000

export function openJobs(options: JobsOptions): Jobs {
  return new StoreJobs(options)
}

class Postponed extends Error {
  readonly seconds: number

  constructor(seconds: number) {
    super(`starts over in ${seconds} s`)
    this.seconds = seconds
  }
}

interface Run {
  readonly claimed: ClaimedJob
  readonly lease: Lease
  readonly controller: AbortController
  job: Job
  saving: Promise<unknown>
  savedAt: number
  /** Saves what came too soon after the last save, and may be the last for long. */
  later?: NodeJS.Timeout | undefined
  end: Promise<void>
}

class StoreJobs implements Jobs {
  readonly #options: JobsOptions
  readonly #limits: Limits
  readonly #ttl: number
  readonly #runs = new Map<string, Run>()
  readonly #waiters = new Waiters()
  #opened: { readonly store: Store; readonly jobs: JobStore } | undefined
  #looking: Promise<void> | undefined
  #recheck = false
  #isStarted = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: JobsOptions) {
    this.#options = options
    this.#limits = { ...LIMITS, ...options.limits }
    this.#ttl = options.ttl ?? LEASE_TTL
  }

  async enqueue(kind: string, input: Job['input'], owner: string): Promise<Job> {
    const { kinds, neverRefused, personOf = (name: string) => name, leaseOf } = this.#options
    if (!Object.hasOwn(kinds, kind)) throw new JobError('unknown-kind', `there is no job kind ${kind}`)
    const isNeverRefused = neverRefused?.includes(kind) ?? false
    const lease = leaseOf?.(kind, input)
    const jobs = await this.#jobs()
    const job = await jobs.add({ kind, input, owner, person: personOf(owner), lease, isNeverRefused })
    this.start()
    void this.#look()
    return job
  }

  async list(): Promise<readonly Job[]> {
    const jobs = await (await this.#jobs()).list('all')
    return jobs.map((job) => this.#here(job)).reverse()
  }

  async unfinished(): Promise<readonly Job[]> {
    return (await this.#jobs()).list('unfinished')
  }

  async get(id: string): Promise<Job | undefined> {
    return this.#runs.get(id)?.job ?? (await this.#jobs()).find(id)
  }

  async cancel(id: string): Promise<Job | undefined> {
    const jobs = await this.#jobs()
    const asked = await jobs.cancel(id)
    const run = this.#runs.get(id)
    run?.controller.abort()
    const deadline = performance.now() + CANCELLED_WITHIN
    let job = asked
    while (job && !isFinal(job) && performance.now() < deadline) {
      await (run?.end ?? delay(FOLLOW_EVERY))
      job = await jobs.find(id)
    }
    this.#waiters.wake(id)
    return job
  }

  async *follow(id: string, signal: AbortSignal): AsyncGenerator<Job, void> {
    let shown = ''
    for (;;) {
      const job = await this.get(id)
      if (!job) return
      const changed = this.#waiters.wait(id, signal)
      const text = JSON.stringify(job)
      if (text !== shown) yield job
      shown = text
      if (isFinal(job)) return
      const isHere = this.#runs.has(id)
      // Another process can't wake this one.
      await (isHere ? changed : Promise.race([changed, delay(READ_EVERY, undefined, { signal }).catch(() => {})]))
      await delay(FOLLOW_EVERY, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
    }
  }

  start(): void {
    if (this.#isStarted) return
    this.#isStarted = true
    void this.#look()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#looking
    const runs = [...this.#runs.values()]
    for (const { controller } of runs) controller.abort(new DOMException('the process is stopping', SHUTDOWN))
    await Promise.all(runs.map(({ end }) => end))
  }

  async #jobs(): Promise<JobStore> {
    const store = await this.#options.store()
    if (this.#opened?.store !== store) this.#opened = { store, jobs: new JobStore(store, this.#limits, this.#ttl) }
    return this.#opened.jobs
  }

  /** What runs here is known more exactly here. */
  #here(job: Job): Job {
    return this.#runs.get(job.id)?.job ?? job
  }

  /** Takes runnable jobs, now and from then on. Never fails: an unreachable database is tried again. */
  #look(): Promise<void> {
    if (this.#looking) {
      this.#recheck = true
      return this.#looking
    }
    clearTimeout(this.#timer)
    this.#looking = this.#lookOnce()
      .catch((error) => {
        if (!isCutShort(error)) console.error('The job queue couldn’t be read', error)
        return LOOK_EVERY
      })
      .then((next) => {
        this.#looking = undefined
        if (this.#isClosed) return
        if (this.#recheck) {
          this.#recheck = false
          void this.#look()
        } else this.#timer = setTimeout(() => void this.#look(), next).unref()
      })
    return this.#looking
  }

  /** @returns milliseconds until the next look */
  async #lookOnce(): Promise<number> {
    const jobs = await this.#jobs()
    for (;;) {
      const all = await jobs.unfinished()
      for (const { id, isCancelled } of all) if (isCancelled) this.#runs.get(id)?.controller.abort()
      const hasRoom = !this.#isClosed && this.#runs.size < this.#limits.running
      const asked = performance.now()
      const claimed = hasRoom && all.some(({ isReady }) => isReady) ? await jobs.claim() : undefined
      if (!claimed) {
        const due = all.map(({ dueIn }) => dueIn).filter((milliseconds) => milliseconds > 0)
        return Math.min(LOOK_EVERY, ...due)
      }
      this.#run(jobs, claimed, asked)
    }
  }

  #run(jobs: JobStore, claimed: ClaimedJob, asked: number): void {
    const lease = keepLease(jobs.store, { name: claimed.lease, fence: claimed.fence }, { ttl: this.#ttl, asked })
    const controller = new AbortController()
    const lost = () => controller.abort(lease.signal.reason)
    lease.signal.addEventListener('abort', lost)
    const { job } = claimed
    const run: Run = {
      claimed,
      lease,
      controller,
      job,
      saving: Promise.resolve(),
      savedAt: Number.NEGATIVE_INFINITY,
      end: Promise.resolve(),
    }
    this.#runs.set(job.id, run)
    this.#waiters.wake(job.id)
    run.end = this.#work(jobs, run).finally(async () => {
      clearTimeout(run.later)
      // The next holder can take it at once. If the database is unreachable, it expires.
      await lease.release().catch(() => {})
      this.#runs.delete(job.id)
      this.#waiters.wake(job.id)
      void this.#look()
    })
  }

  async #work(jobs: JobStore, run: Run): Promise<void> {
    const { claimed, lease, controller } = run
    const { job } = claimed
    const { signal } = controller
    try {
      if (job.attempts > MAX_ATTEMPTS) throw new Error(`the process ended during job ${job.id} ${MAX_ATTEMPTS} times`)
      const work = Object.hasOwn(this.#options.kinds, job.kind) ? this.#options.kinds[job.kind] : undefined
      if (!work) throw new JobError('unknown-kind', `there is no job kind ${job.kind}`)
      if (claimed.isCancelled) controller.abort()
      signal.throwIfAborted()
      await fencedBy(lease, () =>
        work(job, {
          signal,
          report: (progress) => this.#note(jobs, run, { progress }),
          add: (item) => {
            const { items } = run.job
            if (items.length < MAX_ITEMS) this.#note(jobs, run, { items: [...items, item] })
          },
          postpone: (seconds) => {
            throw new Postponed(seconds)
          },
        }),
      )
      await this.#settle(jobs, run, { state: 'done' })
    } catch (error) {
      await this.#fail(jobs, run, error)
    }
  }

  async #fail(jobs: JobStore, run: Run, error: unknown): Promise<void> {
    const { job } = run.claimed
    const { signal } = run.controller
    await run.saving
    // Another process continues it, with everything that was saved.
    if (run.lease.signal.aborted) return
    if (isInterrupted(signal)) {
      const left = { state: 'queued', attempts: Math.max(0, job.attempts - 1) } as const
      await jobs.save(run.claimed, left).catch(() => {})
      return
    }
    // Left as it is, it starts over once the database is back, here or elsewhere.
    if (isCutShort(error)) return console.warn(`Job ${job.id} was interrupted and will continue: ${String(error)}`)
    if (error instanceof Postponed && !signal.aborted)
      return this.#persist(run, () => jobs.postpone(run.claimed, error.seconds))
    const how = signal.aborted
      ? ({ state: 'cancelled' } as const)
      : ({ state: 'failed', failure: this.#options.describe(error, job.owner) } as const)
    await this.#settle(jobs, run, how)
  }

  #note(jobs: JobStore, run: Run, change: Partial<Pick<Job, 'progress' | 'items'>>): void {
    run.job = { ...run.job, ...change }
    this.#waiters.wake(run.job.id)
    const wait = run.savedAt + SAVE_EVERY - performance.now()
    if (wait <= 0) this.#save(jobs, run)
    else run.later ??= setTimeout(() => this.#save(jobs, run), wait).unref()
  }

  #save(jobs: JobStore, run: Run): void {
    clearTimeout(run.later)
    run.later = undefined
    run.savedAt = performance.now()
    const { progress, items } = run.job
    // One state after the other, so that an older one never overwrites a newer one.
    run.saving = run.saving.then(() => jobs.save(run.claimed, { progress, items }).catch(() => {}))
  }

  async #settle(jobs: JobStore, run: Run, how: Pick<Job, 'state' | 'failure'>): Promise<void> {
    await run.saving
    const { progress, items } = run.job
    await this.#persist(run, () => jobs.save(run.claimed, { progress, items, ...how }, { ended: true }))
    run.job = { ...run.job, ...how }
    await jobs.trim().catch((error) => console.error('Finished jobs couldn’t be removed', error))
  }

  /** Tries again while the database can't be reached, for as long as the run is ours. */
  async #persist(run: Run, write: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await write()
        return
      } catch (error) {
        if (!(error instanceof StoreError)) throw error
        if (run.lease.signal.aborted || !isCutShort(error)) {
          console.error(`Job ${run.job.id} couldn’t be saved`, error)
          return
        }
        await delay(SAVE_EVERY)
      }
    }
  }
}
