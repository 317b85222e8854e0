import type { Problem } from '../../problem/problem.ts'

/** A page, or a part of it, shows what was last seen of a registry that couldn't be asked. */
export interface LastSeen {
  /** ISO 8601. */
  readonly at: string
  /** Why the registry couldn't be asked. */
  readonly problem: Problem
}
