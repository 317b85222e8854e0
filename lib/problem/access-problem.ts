import type { AccessErrorCode } from '../access/access-error.ts'
import type { Problem } from './problem.ts'

const TEXTS = {
  denied: {
    title: 'You can’t do this',
    detail: 'Your role doesn’t include this action here.',
    advice: 'Ask an administrator for access.',
  },
  'sign-in': {
    title: 'Sign in to do this',
    detail: 'Only signed-in users can make changes.',
    advice: 'Sign in at the top right, then try again.',
  },
  'foreign-origin': {
    title: 'The request came from another site',
    detail: 'Changes are accepted only from this site’s own pages.',
    advice: 'Reload the page and try again. If Lading is behind a proxy, check that it passes the Host header on.',
  },
  'too-many': {
    title: 'Too many requests',
    detail: 'You sent more requests than Lading accepts from one person.',
    advice: 'Wait a few seconds, then try again.',
  },
  token: {
    title: 'This access token isn’t valid',
    detail: 'It has expired, was revoked, or can’t be used for requests that change something.',
    advice: 'Create a token under Access tokens, and send it as “Authorization: Bearer …” with GET requests.',
  },
  'too-many-tokens': {
    title: 'You have too many access tokens',
    detail: 'One person can have 50.',
    advice: 'Revoke tokens that you no longer need, then try again.',
  },
  'read-only': {
    title: 'Lading is read-only',
    detail: 'It was started with READ_ONLY, so it makes no changes.',
    advice: 'To allow changes, an administrator can restart it without READ_ONLY.',
  },
} as const satisfies Record<AccessErrorCode, Omit<Problem, 'code'>>

export function accessProblem(code: AccessErrorCode): Problem {
  return { code: `access.${code}`, ...TEXTS[code] }
}

const ABSENT: readonly string[] = ['registry.not-found', 'access.denied', 'access.sign-in']

/** Whether a read that failed like this is answered as "not found": denied looks exactly like absent. */
export function isAbsence(problem: Problem): boolean {
  return ABSENT.includes(problem.code)
}

/** What's said about everything that `isAbsence` covers. */
export const ABSENCE: Problem = {
  code: 'registry.not-found',
  title: 'Not found',
  detail: 'This doesn’t exist, or you don’t have access to it.',
}
