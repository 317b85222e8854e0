import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import type { AuditSubject } from '../../audit/audit-entry.ts'
import { auditedStep } from './audited-step.ts'
import { recordRefused } from './record-refused.ts'

/** Changes a setting as an admin: with its intent in the audit log before it and its outcome after it. @throws AccessError, AuditError */
export async function auditedSetting<T>(actor: Actor, subject: AuditSubject, work: () => Promise<T>): Promise<T> {
  try {
    authorize(actor, 'manage', {})
  } catch (error) {
    await recordRefused(actor, error, subject)
    throw error
  }
  return auditedStep(actor, subject, work)
}
