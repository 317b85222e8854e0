import type { Attempt } from '../problem/attempt.ts'
import { SERVER_UNREACHABLE } from '../problem/connection-problem.ts'
import { needsSignIn } from '../problem/needs-sign-in.ts'
import type { Problem } from '../problem/problem.ts'
import { noteSessionEnd } from './session-end.ts'

/** A failure that an action returned, as react-query wants it: thrown, with what the user reads. */
class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

export function unwrap<T>(attempt: Attempt<T>): T {
  if (attempt.ok) return attempt.value
  if (needsSignIn(attempt.problem)) noteSessionEnd()
  throw new ProblemError(attempt.problem)
}

/** What the user reads of an error of react-query: an action's own words, or that the server could not be asked. */
export function problemFrom(error: Error): Problem {
  if (error instanceof ProblemError) return error.problem
  return SERVER_UNREACHABLE
}
