import { StoreError, type StoreErrorCode } from '../store/store-error.ts'

const BRAND = Symbol.for('lading.AuditError')

/** What was about to happen can't be recorded, so it must not happen. */
export class AuditError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  readonly code: StoreErrorCode

  constructor(cause: unknown) {
    super(`The audit log can’t be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'AuditError'
    this.code = cause instanceof StoreError ? cause.code : 'failed'
  }
}
