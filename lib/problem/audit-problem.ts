import type { AuditError } from '../audit/audit-error.ts'
import type { Problem } from './problem.ts'
import { storeAdvice, storeTitle } from './store-notice.ts'

/** A change that didn't happen, as it couldn't be recorded. */
export function auditProblem({ code }: AuditError, isAdmin: boolean): Problem {
  return {
    code: 'audit.unwritable',
    title: 'Nothing was changed',
    detail: `Every change is recorded first, and the audit log can’t be written: ${lowerFirst(storeTitle(code))}.`,
    advice: `${storeAdvice(code, isAdmin)} Then try again.`,
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
