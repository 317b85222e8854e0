/** `too-many` jobs are waiting · `unknown-kind` nothing here can do such work */
export type JobErrorCode = 'too-many' | 'unknown-kind'

export class JobError extends Error {
  readonly code: JobErrorCode

  constructor(code: JobErrorCode, message: string) {
    super(message)
    this.name = 'JobError'
    this.code = code
  }
}
