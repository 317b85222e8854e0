import type { Job } from './job.ts'
import type { JobFiles } from './job-files.ts'

/** Milliseconds between two saves of a job's progress. */
const SAVE_EVERY = 1000

/** Writes jobs one state after the other, so that an older state never overwrites a newer one. */
export class JobWriter {
  readonly #files: JobFiles
  readonly #writes = new Map<string, Promise<void>>()
  readonly #savedAt = new Map<string, number>()

  constructor(files: JobFiles) {
    this.#files = files
  }

  /** Resolves once the job is on disk. */
  save(job: Job): Promise<void> {
    this.#savedAt.delete(job.id)
    return this.#write(job, true)
  }

  /** Saves progress now and then; the next report or the end saves it again. */
  saveProgress(job: Job): void {
    const now = performance.now()
    if (now - (this.#savedAt.get(job.id) ?? Number.NEGATIVE_INFINITY) < SAVE_EVERY) return
    this.#savedAt.set(job.id, now)
    void this.#write(job, false).catch(() => {})
  }

  /** Resolves once everything that was asked for has been written, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#writes.values())
  }

  #write(job: Job, durable: boolean): Promise<void> {
    const before = this.#writes.get(job.id) ?? Promise.resolve()
    const write = before.then(() => this.#files.write(job, { durable }))
    const settled = write.catch(() => {})
    this.#writes.set(job.id, settled)
    void settled.then(() => {
      if (this.#writes.get(job.id) === settled) this.#writes.delete(job.id)
    })
    return write
  }
}
