import type { Problem } from '../../problem/problem.ts'
import { problemOf, type Reader } from '../../problem/problem-of.ts'

/** Why a run failed. Only admins read the advice; the rest also stands in the audit log, which others may read. */
export function runProblem(error: unknown, reader: Reader): Problem {
  const { advice } = problemOf(error, reader)
  return { ...problemOf(error), ...(advice !== undefined && { advice }) }
}
