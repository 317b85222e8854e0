import type { AccessErrorCode } from '../access/access-error.ts'
import { ASK_ADMIN, type Problem } from './problem.ts'

const TEXTS = {
  denied: {
    title: 'You can’t do this',
    detail: 'Your role doesn’t include this action here.',
    advice: ASK_ADMIN,
  },
  'sign-in': {
    title: 'Sign in to do this',
    detail: 'Only signed-in users can make changes. You aren’t signed in, or your session has ended.',
    advice: 'Sign in, then try again.',
  },
  'session-ended': {
    title: 'Your session has ended',
    detail: 'It has expired, or you or an administrator ended it.',
    advice: 'Sign in again: you’ll come back to this page.',
  },
  'foreign-origin': {
    title: 'The request came from another site',
    detail: 'Changes are accepted only from this site’s own pages.',
    advice: 'Reload the page and try again. If that doesn’t help, ask your administrator to check the proxy.',
  },
  'too-many': {
    title: 'Too many requests',
    detail: 'You sent more requests than Lading accepts from one person.',
    advice: 'Wait a few seconds, then try again.',
  },
  token: {
    title: 'This access token isn’t valid',
    detail: 'It has expired, was revoked, or isn’t for requests like this one.',
    advice:
      'Create a token under Access tokens, and send it as “Authorization: Bearer …”. Only tokens for adding labels change anything.',
  },
  'token-scope': {
    title: 'This access token isn’t for this',
    detail:
      'It was created without the permission that this needs: to read repositories, to read the audit log, or to add labels.',
    advice: 'Create a token with that permission under Access tokens.',
  },
  'no-token': {
    title: 'Send an access token',
    detail: 'Only signed-in users, and requests with an access token, are answered here.',
    advice: 'Create a token under Access tokens, and send it as “Authorization: Bearer …”.',
  },
  'too-many-tokens': {
    title: 'You have too many access tokens',
    detail: 'One person can have 50.',
    advice: 'Revoke tokens that you no longer need, then try again.',
  },
  records: {
    title: 'Not shown to accounts of this registry',
    detail: 'Lading records this with its own credentials, and your account may not be allowed to see all of it.',
    advice: 'Browse the registry itself, or sign in as a user of Lading.',
  },
  'account-token': {
    title: 'No access tokens for this account',
    detail: 'You signed in with your account of a registry, whose password Lading keeps only in your session.',
    advice: 'Use that account with the registry itself, or sign in as a user of Lading.',
  },
  'account-gone': {
    title: 'Sign in again and resume',
    detail:
      'This runs with your own account of the registry, and Lading no longer holds its password: it never stores it.',
    advice: 'Sign in with that account again, then resume or retry.',
  },
  'read-only': {
    title: 'Lading is read-only',
    detail: 'It makes no changes in registries.',
    advice: 'It was started with READ_ONLY. Restart it without that setting to allow changes.',
  },
} as const satisfies Record<AccessErrorCode, Omit<Problem, 'code'>>

/** @param isAdmin whether the reader may know settings */
export function accessProblem(code: AccessErrorCode, isAdmin: boolean): Problem {
  const { title, detail, advice } = TEXTS[code]
  return { code: `access.${code}`, title, detail, advice: code === 'read-only' && !isAdmin ? ASK_ADMIN : advice }
}

/** For a user with some rights here, but not this one. @param what `deleting` */
export function notYours(what: string): string {
  return `Your rights here don’t include ${what}. ${ASK_ADMIN}`
}

/** While a page shows what was last seen of a registry. */
export const UNREACHABLE = 'The registry can’t be reached. Changes need the registry itself.'

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
