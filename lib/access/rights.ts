import type { Role, SeparateRight } from '../config/grant.ts'

/**
 * Everything a user can do. `audit` reads the whole audit log: no right is needed for one's own entries. `manage` sets
 * rules and policies.
 */
export type Verb = keyof typeof RIGHTS

export interface Right {
  readonly roles: readonly Role[]
  /** Refused while Lading is read-only. */
  readonly changes: boolean
  /** Operators need this right in the grant too. */
  readonly separate?: SeparateRight
}

const EVERYONE = ['viewer', 'auditor', 'operator', 'admin'] as const
const CHANGERS = ['operator', 'admin'] as const

export const RIGHTS = {
  browse: { roles: EVERYONE, changes: false },
  export: { roles: EVERYONE, changes: false },
  audit: { roles: ['auditor', 'operator', 'admin'], changes: false },
  load: { roles: CHANGERS, changes: true },
  'create-tag': { roles: CHANGERS, changes: true },
  'edit-labels': { roles: CHANGERS, changes: true },
  'overwrite-tag': { roles: CHANGERS, changes: true, separate: 'overwrite' },
  /** Even while Lading is read-only: the effects of a deletion are shown only to users with the right to delete. */
  'preview-deletion': { roles: CHANGERS, changes: false, separate: 'delete' },
  delete: { roles: CHANGERS, changes: true, separate: 'delete' },
  restore: { roles: CHANGERS, changes: true, separate: 'restore' },
  manage: { roles: ['admin'], changes: true },
} as const satisfies Record<string, Right>
