import { isAccessError } from '../../access/access-error.ts'
import { ProtectedError } from '../../access/protected-error.ts'

/** Whether somebody asked for what they may not do, rather than for what failed. */
export function isRefusal(error: unknown): boolean {
  return isAccessError(error) || error instanceof ProtectedError
}
