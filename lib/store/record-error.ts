import { BrandedError } from '../oci/branded-error.ts'

/**
 * `name-taken`, `too-many`: it can't be added. `changed`: somebody saved it after it was read. `running`: it can't begin
 * again before it has ended. `plan-changed`: what is selected in a plan isn't what was confirmed.
 */
export type RecordErrorCode = 'name-taken' | 'too-many' | 'changed' | 'running' | 'plan-changed'

/** Lading's own records, as rules, policies and plans, don't allow a change. */
export class RecordError extends BrandedError {
  static override readonly brand = 'RecordError'

  readonly code: RecordErrorCode

  constructor(code: RecordErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
