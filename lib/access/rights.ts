import type { Role, SeparateRight } from '../config/grant.ts'

/** What one can do. `audit` reads the whole audit log: one's own entries need no right. `manage` sets rules and policies. */
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
  /** Whether or not Lading is read-only: what a deletion would touch is shown only to those who may delete. */
  'preview-deletion': { roles: CHANGERS, changes: false, separate: 'delete' },
  delete: { roles: CHANGERS, changes: true, separate: 'delete' },
  restore: { roles: CHANGERS, changes: true, separate: 'restore' },
  manage: { roles: ['admin'], changes: true },
} as const satisfies Record<string, Right>
