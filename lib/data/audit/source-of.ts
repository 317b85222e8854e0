import { type Actor, usernameOf } from '../../access/actor.ts'
import { describeRights } from '../../access/describe-rights.ts'
import type { AuditSource } from '../../audit/audit-entry.ts'
import { currentSource } from '../../audit/audit-source.ts'
import { currentRequestId } from '../../observe/request-id.ts'

/** Who does something, from where and by which rights, as the audit log records it. */
export function sourceOf(actor: Actor | undefined): AuditSource {
  return {
    ...currentSource(),
    request: currentRequestId(),
    actor: actor && usernameOf(actor),
    rights: (actor && describeRights(actor).join('; ')) || undefined,
  }
}
