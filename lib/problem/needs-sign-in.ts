import type { Problem } from './problem.ts'

/** Whether nobody is signed in, and signing in is what to do about it. */
export function needsSignIn({ code }: Pick<Problem, 'code'>): boolean {
  return code === 'access.sign-in' || code === 'access.session-ended'
}
