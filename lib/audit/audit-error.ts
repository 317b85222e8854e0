import { BrandedError } from '../oci/branded-error.ts'
import { StoreError, type StoreErrorCode } from '../store/store-error.ts'

/** What was about to happen can't be recorded, so it must not happen. */
export class AuditError extends BrandedError {
  static override readonly brand = 'AuditError'

  readonly code: StoreErrorCode

  constructor(cause: unknown) {
    super(`The audit log can’t be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.code = cause instanceof StoreError ? cause.code : 'failed'
  }
}
