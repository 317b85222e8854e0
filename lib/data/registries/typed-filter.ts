import { compileFilter } from '../../filter/compile-filter.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'

/** What was typed to filter names, as what it does. An invalid one lets nothing pass and says why. */
export interface TypedFilter {
  readonly matches: (name: string) => boolean
  /** False if nothing was typed: every name passes. */
  readonly isUsed: boolean
  readonly problem?: Problem
}

export function typedFilter(typed: string): TypedFilter {
  const filter = parseFilter(typed)
  if (!filter) return NONE
  try {
    return { matches: compileFilter(filter), isUsed: true }
  } catch (error) {
    return { matches: () => false, isUsed: true, problem: problemOf(error) }
  }
}

const NONE: TypedFilter = { matches: () => true, isUsed: false }
