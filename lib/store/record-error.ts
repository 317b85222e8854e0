/**
 * `name-taken`, `too-many`: it can't be added. `changed`: somebody saved it after it was read. `running`: it can't begin
 * again before it has ended. `plan-changed`: what is selected in a plan isn't what was confirmed.
 */
export type RecordErrorCode = 'name-taken' | 'too-many' | 'changed' | 'running' | 'plan-changed'

const BRAND = Symbol.for('lading.RecordError')

/** Lading's own records, as rules, policies and plans, don't allow a change. */
export class RecordError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  readonly code: RecordErrorCode

  constructor(code: RecordErrorCode, message: string) {
    super(message)
    this.name = 'RecordError'
    this.code = code
  }
}
