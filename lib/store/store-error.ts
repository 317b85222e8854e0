/** Why the database can't be used. The codes are stable: they select what the user reads. */
export type StoreErrorCode =
  /** It was written by a newer version of Lading. */
  | 'newer'
  /** It isn't there, or can't be connected to. */
  | 'unreachable'
  /** Another process holds it, or too many wait for it. */
  | 'locked'
  | 'full'
  | 'read-only'
  | 'damaged'
  /** The database refused a statement: a fault of ours. */
  | 'failed'

const BRAND = Symbol.for('lading.StoreError')

export class StoreError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
  }
}
