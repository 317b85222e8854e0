import type { Actor } from '../../access/actor.ts'
import type { AuditSubject } from '../../audit/audit-entry.ts'
import { recordIntent, recordOutcome } from '../../audit/record.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { sourceOf } from './source-of.ts'

/**
 * Changes something of Lading's own, such as a rule or a token: with the intent in the audit log before it, and the
 * outcome after it. @throws AuditError, and then nothing was done
 */
export async function auditedStep<T>(actor: Actor, subject: AuditSubject, work: () => Promise<T>): Promise<T> {
  const intent = await recordIntent(sourceOf(actor), subject)
  try {
    const result = await work()
    await recordOutcome(intent, 'done').catch(console.error)
    return result
  } catch (error) {
    const { code, title, detail } = problemOf(error)
    await recordOutcome(intent, 'failed', { detail: { problem: { code, title, detail } } }).catch(console.error)
    throw error
  }
}
