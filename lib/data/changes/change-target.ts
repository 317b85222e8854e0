import type { AuditSubject } from '../../audit/audit-entry.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'

/** The target of a change. */
export interface ChangeTarget extends Place {
  readonly tag?: Tag | undefined
  /** Every tag deleted or moved with it, if `tag` isn't the only one. */
  readonly tags?: readonly Tag[] | undefined
  /** Whether its tags exist and point elsewhere afterwards, although the verb doesn't say so. */
  readonly replaces?: boolean | undefined
  /** An admin's reason for overriding a protection rule. */
  readonly reason?: string | undefined
  /** The plan that the change is part of. */
  readonly plan?: string | undefined
  /** The audit log's description instead of the verb and the place. */
  readonly audit?: Partial<AuditSubject> | undefined
}
