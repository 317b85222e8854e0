import type { LinkQuery } from './link-query.ts'

export const POLICY_KINDS = ['missing', 'invalid', 'forbidden', 'too-old'] as const
export type PolicyKind = (typeof POLICY_KINDS)[number]

/** What the policy page shows, as it stands in the URL: every part narrows the findings. */
export interface PolicyPageState {
  readonly policy?: string | null
  readonly kind?: PolicyKind | null
  /** `NO_OWNER`: those without one. */
  readonly owner?: string | null
  /** `<registry>/<repository>`. */
  readonly repository?: string | null
  /** `week`: those that began within the last week. */
  readonly since?: 'week' | null
  /** From 1. */
  readonly page: number
}

/** "No owner known" in the place of an owner: the empty set. */
export const NO_OWNER = '\u2205'

/** What of a state is not the default: as it goes into a link. */
export function policyPageQuery({ policy, kind, owner, repository, since, page }: PolicyPageState): LinkQuery {
  return {
    policy: policy ?? undefined,
    kind: kind ?? undefined,
    owner: owner ?? undefined,
    repository: repository ?? undefined,
    since: since ?? undefined,
    page: page > 1 ? page : undefined,
  }
}
