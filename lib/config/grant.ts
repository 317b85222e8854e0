/** Weakest first. */
export const ROLES = ['viewer', 'auditor', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What an operator may do only if a grant allows it. */
export const SEPARATE_RIGHTS = ['overwrite', 'delete', 'restore'] as const
export type SeparateRight = (typeof SEPARATE_RIGHTS)[number]

/** A role for one user or one group on the repositories that both globs match. */
export interface Grant {
  readonly subject: { readonly user: string } | { readonly group: string }
  readonly role: Role
  /** Matches names of registries. */
  readonly registry: string
  /** Matches whole repository names: `*` within one segment, `**` over any. */
  readonly repository: string
  readonly allow: readonly SeparateRight[]
}
