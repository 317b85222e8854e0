import type { AuditSubject } from '../../audit/audit-entry.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'

/** What a change is about to write to. */
export interface ChangeTarget extends Place {
  readonly tag?: Tag | undefined
  /** Every tag that goes or moves with it, where `tag` isn't the only one. */
  readonly tags?: readonly Tag[] | undefined
  /** Whether its tags exist and point elsewhere afterwards, although the verb doesn't say so. */
  readonly replaces?: boolean | undefined
  /** Why an admin does it although a rule protects a tag. */
  readonly reason?: string | undefined
  /** What the audit log says in place of what the verb and the place say. */
  readonly audit?: Partial<AuditSubject> | undefined
}
