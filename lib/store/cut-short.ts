import { LeaseError } from './leases/lease-error.ts'
import { StoreError } from './store-error.ts'

/**
 * Whether work failed because the database was away or another process has taken it over, wherever in the chain of
 * causes: the work itself is fine, and continues later or elsewhere.
 */
export function isCutShort(error: unknown): boolean {
  if (error instanceof LeaseError) return true
  if (error instanceof StoreError) return error.code !== 'failed' && error.code !== 'newer'
  return error instanceof Error && isCutShort(error.cause)
}
