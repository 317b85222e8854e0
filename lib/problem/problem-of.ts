import { isAccessError } from '../access/access-error.ts'
import type { Actor } from '../access/actor.ts'
import { maySeeSetup } from '../access/authorize.ts'
import { ProtectedError } from '../access/protected-error.ts'
import { AuditError } from '../audit/audit-error.ts'
import { JobError } from '../jobs/job-error.ts'
import { FormatError } from '../oci/format-error.ts'
import { RegistryError } from '../registry/errors.ts'
import { RecordError } from '../store/record-error.ts'
import { StoreError } from '../store/store-error.ts'
import { accessProblem } from './access-problem.ts'
import { accountProblem } from './account-problem.ts'
import { auditProblem } from './audit-problem.ts'
import { formatProblem } from './format-problem.ts'
import { jobProblem } from './job-problem.ts'
import { ASK_ADMIN, type Problem } from './problem.ts'
import { protectedProblem } from './protected-problem.ts'
import { recordProblem } from './record-problem.ts'
import { registryProblem } from './registry-problem.ts'
import { storeNotice } from './store-notice.ts'

/** Who reads it. `server-log`: the operator. */
export type Reader = Actor | 'server-log'

/**
 * The one translator from errors to what a user reads. Unknown errors reveal nothing about the program's inside.
 * @param reader addresses, folders and settings of the server are for admins; without one, for anybody
 */
export function problemOf(error: unknown, reader?: Reader): Problem {
  const isAdmin = reader === 'server-log' || (reader !== undefined && maySeeSetup(reader))
  if (error instanceof RegistryError) return accountProblem(error, reader) ?? registryProblem(error, isAdmin)
  if (error instanceof FormatError) return formatProblem(error)
  if (error instanceof JobError) return jobProblem(error)
  if (error instanceof RecordError) return recordProblem(error)
  if (error instanceof AuditError) return auditProblem(error, isAdmin)
  if (error instanceof StoreError) return { code: `store.${error.code}`, ...storeNotice(error.code, isAdmin) }
  if (error instanceof ProtectedError) return protectedProblem(error)
  if (isAccessError(error)) return accessProblem(error.code, isAdmin)
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'aborted', title: 'Cancelled', detail: 'The request was cancelled before it finished.' }
  console.error(error)
  if (isDiskFull(error))
    return {
      code: 'storage.full',
      title: 'Lading’s disk is full',
      detail: 'There is no space left where Lading keeps its data, so this couldn’t be saved.',
      advice: isAdmin ? 'Free some space in DATA_DIR, then try again.' : ASK_ADMIN,
    }
  return {
    code: 'internal',
    title: 'Something went wrong in Lading',
    detail: 'This is a bug in Lading. The server’s log says what happened.',
    advice: 'Reload to try again.',
  }
}

/** An action's input doesn't have the expected form. */
export function inputProblem(messages: readonly string[]): Problem {
  return {
    code: 'input',
    title: 'This input isn’t valid',
    detail: messages.slice(0, 3).join(' ') || 'The request doesn’t have the expected form.',
    advice: 'Correct it, or reload the page if it has been open for a while.',
  }
}

/** Disk or quota: wherever in the chain of causes. */
function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) || isDiskFull(error.cause)
}
