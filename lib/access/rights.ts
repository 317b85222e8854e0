import type { Role, SeparateRight } from '../config/grant.ts'

/**
 * Everything a user can do. `audit` reads the audit log of others: all of it where the right holds everywhere. `manage`
 * sets rules and policies.
 */
export type Verb = keyof typeof RIGHTS

export interface Right {
  readonly roles: readonly Role[]
  /** Refused while Lading is read-only. */
  readonly changes: boolean
  /** Whether a registry decides about it for its own accounts. The rest is about what Lading keeps. */
  readonly byRegistry: boolean
  /** Operators need this right in the grant too. */
  readonly separate?: SeparateRight
}

const EVERYONE = ['viewer', 'auditor', 'operator', 'admin'] as const
const CHANGERS = ['operator', 'admin'] as const

export const RIGHTS = {
  browse: { roles: EVERYONE, changes: false, byRegistry: true },
  export: { roles: EVERYONE, changes: false, byRegistry: true },
  audit: { roles: ['auditor', 'operator', 'admin'], changes: false, byRegistry: false },
  load: { roles: CHANGERS, changes: true, byRegistry: true },
  'create-tag': { roles: CHANGERS, changes: true, byRegistry: true },
  'edit-labels': { roles: CHANGERS, changes: true, byRegistry: false },
  'overwrite-tag': { roles: CHANGERS, changes: true, byRegistry: true, separate: 'overwrite' },
  /** Even while Lading is read-only: the effects of a deletion are shown only to users with the right to delete. */
  'preview-deletion': { roles: CHANGERS, changes: false, byRegistry: true, separate: 'delete' },
  delete: { roles: CHANGERS, changes: true, byRegistry: true, separate: 'delete' },
  restore: { roles: CHANGERS, changes: true, byRegistry: true, separate: 'restore' },
  manage: { roles: ['admin'], changes: true, byRegistry: false },
} as const satisfies Record<string, Right>
