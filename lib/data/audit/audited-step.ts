import type { Actor } from '../../access/actor.ts'
import type { AuditSubject } from '../../audit/audit-entry.ts'
import { recordIntent, recordOutcome } from '../../audit/record.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { sourceOf } from './source-of.ts'

/**
 * Changes something of Lading's own, such as a rule or a token: with the intent in the audit log before it, and the
 * outcome after it. @throws AuditError, and then nothing was done
 * @param failureOf why what was asked for wasn't done, though nothing was thrown
 */
export async function auditedStep<T>(
  actor: Actor,
  subject: AuditSubject,
  work: () => Promise<T>,
  failureOf: (result: T) => Problem | undefined = () => undefined,
): Promise<T> {
  const intent = await recordIntent(sourceOf(actor), subject)
  const failed = ({ code, title, detail }: Problem) =>
    recordOutcome(intent, 'failed', { detail: { problem: { code, title, detail } } })
  let result: T
  try {
    result = await work()
  } catch (error) {
    await failed(problemOf(error)).catch(console.error)
    throw error
  }
  const failure = failureOf(result)
  await (failure ? failed(failure) : recordOutcome(intent, 'done')).catch(console.error)
  return result
}
