import type { Store } from '../store/store.ts'
import type { Job, JobFailure, JobItem, JobProgress } from './job.ts'
import type { Limits } from './turns.ts'

/** What a kind of job does. It must be able to start over: its process can end at any moment. */
export type JobWork = (job: Job, context: JobContext) => Promise<void>

export interface JobContext {
  /** Aborted when the job is cancelled or its process ends: the work must end then. */
  readonly signal: AbortSignal
  report(progress: JobProgress): void
  /** Records the outcome for one item. */
  add(item: JobItem): void
  /** Ends this attempt without an outcome: the job starts over after this many seconds, and others run meanwhile. */
  postpone(seconds: number): never
}

export interface JobsOptions {
  readonly store: () => Promise<Store>
  readonly kinds: Readonly<Record<string, JobWork>>
  /** Jobs that share a lease never run at once, in whatever process. Default: each has its own. */
  readonly leaseOf?: (kind: string, input: Job['input']) => string | undefined
  /** What people read about a failure. */
  readonly describe: (error: unknown, owner: string) => JobFailure
  readonly limits?: Partial<Limits>
  /** Kinds that no limit keeps from being enqueued. */
  readonly neverRefused?: readonly string[]
  /** Who is behind an owner, for the limits. Default: each owner is a person. */
  readonly personOf?: (owner: string) => string
  /** Milliseconds after which the job of a process that was killed is taken over. */
  readonly ttl?: number
}

/** Long work that outlives its page and its process. All processes on one database share it, and any of them runs it. */
export interface Jobs {
  /**
   * Resolves once the job is stored. While the owner has the same job waiting or running, that one is the answer: a
   * form that was sent twice has one effect.
   * @throws JobError, StoreError
   */
  enqueue(kind: string, input: Job['input'], owner: string): Promise<Job>
  /** Newest first. @throws StoreError */
  list(): Promise<readonly Job[]>
  /** Those that have not ended, oldest first. @throws StoreError */
  unfinished(): Promise<readonly Job[]>
  /** @throws StoreError */
  get(id: string): Promise<Job | undefined>
  /** Ends a job that waits or runs, in whatever process; a final one stays as it is. @throws StoreError */
  cancel(id: string): Promise<Job | undefined>
  /**
   * The job now and after each change, until it is final. Changes that come faster than the reader are skipped.
   * @throws StoreError
   */
  follow(id: string, signal: AbortSignal): AsyncGenerator<Job, void>
  /** Runs jobs here from now on, also those that a process has left unfinished. */
  start(): void
  /** Leaves what runs here to other processes, or to the next start. */
  close(): Promise<void>
}
