import { BrandedError } from '../oci/branded-error.ts'

/**
 * - `too-many` of this owner, or of all, are waiting
 * - `unknown-kind` nothing here can do such work
 * - `downloads` this person has as many downloads running as one may
 * - `uploads`, `streams` likewise: a stream is what an open page follows events by
 * - `partly` some of it was done: starting it again does the rest
 */
export type JobErrorCode = 'too-many' | 'unknown-kind' | 'downloads' | 'uploads' | 'streams' | 'partly'

export class JobError extends BrandedError {
  static override readonly brand = 'JobError'

  readonly code: JobErrorCode

  constructor(code: JobErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
