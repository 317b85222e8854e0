import { BrandedError } from '../oci/branded-error.ts'

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

export class StoreError extends BrandedError {
  static override readonly brand = 'StoreError'

  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
