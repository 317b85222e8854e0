/**
 * - `too-many` of this owner, or of all, are waiting
 * - `unknown-kind` nothing here can do such work
 * - `downloads` this person has as many downloads running as one may
 * - `uploads`, `streams` likewise: a stream is what an open page follows events by
 * - `partly` some of it was done: starting it again does the rest
 */
export type JobErrorCode = 'too-many' | 'unknown-kind' | 'downloads' | 'uploads' | 'streams' | 'partly'

const BRAND = Symbol.for('lading.JobError')

export class JobError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  readonly code: JobErrorCode

  constructor(code: JobErrorCode, message: string) {
    super(message)
    this.name = 'JobError'
    this.code = code
  }
}
