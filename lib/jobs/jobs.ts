import type { Job, JobFailure, JobItem, JobProgress } from './job.ts'
import type { Limits } from './turns.ts'

/** What a kind of job does. It must be able to start over: its process can end at any moment. */
export type JobWork = (job: Job, context: JobContext) => Promise<void>

export interface JobContext {
  /** Aborted when the job is cancelled: the work must end then. */
  readonly signal: AbortSignal
  report(progress: JobProgress): void
  /** Records the outcome for one item. */
  add(item: JobItem): void
  /** Ends this attempt without an outcome: the job starts over after this many seconds, and others run meanwhile. */
  postpone(seconds: number): never
}

export interface JobsOptions {
  /** Created when it is needed. */
  readonly folder: string
  readonly kinds: Readonly<Record<string, JobWork>>
  /** What people read about a failure. */
  readonly describe: (error: unknown) => JobFailure
  readonly limits?: Partial<Limits>
  /** Kinds that no limit keeps from being enqueued. */
  readonly neverRefused?: readonly string[]
  /** Who is behind an owner, for the limits. Default: each owner is a person. */
  readonly personOf?: (owner: string) => string
  /** Whether this process runs the folder's jobs. Other processes only show them. Default: true. */
  readonly isWorker?: () => boolean
}

/** Long work that outlives its page, and a restart: `resume` starts again what was not finished. */
export interface Jobs {
  /**
   * Resolves once the job is on disk. While the owner has the same job waiting or running, that one is the answer: a
   * form that was sent twice has one effect.
   * @throws JobError
   */
  enqueue(kind: string, input: Job['input'], owner: string): Promise<Job>
  /** Newest first. */
  list(): Promise<readonly Job[]>
  get(id: string): Promise<Job | undefined>
  /** Ends a job that waits or runs; a final one stays as it is. @throws JobError */
  cancel(id: string): Promise<Job | undefined>
  /** The job now and after each change, until it is final. Changes that come faster than the reader are skipped. */
  follow(id: string, signal: AbortSignal): AsyncGenerator<Job, void>
  /** Starts what the last process left unfinished. Called once this process runs the jobs. */
  resume(): Promise<void>
  /** Stops without ending any job, as if the process had ended. */
  close(): Promise<void>
}
