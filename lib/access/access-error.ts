import type { Scope, Verb } from './authorize.ts'

/**
 * - `denied` must look like absent: reads answer as if there were nothing
 * - `sign-in` nobody is signed in, and a user might be allowed
 * - `read-only` allowed, but Lading runs with READ_ONLY
 * - `foreign-origin` the request does not come from a page of this site
 */
export type AccessErrorCode = 'denied' | 'sign-in' | 'read-only' | 'foreign-origin'

const BRAND = Symbol.for('lading.AccessError')

export class AccessError extends Error {
  /** A bundler may load this module more than once in a process: an error of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && BRAND in value
  }
  get [BRAND](): true {
    return true
  }

  readonly code: AccessErrorCode
  readonly verb: Verb | undefined
  readonly scope: Scope | undefined

  constructor(code: AccessErrorCode, verb?: Verb, scope?: Scope) {
    super(MESSAGES[code])
    this.name = 'AccessError'
    this.code = code
    this.verb = verb
    this.scope = scope
  }
}

export function isAccessError(error: unknown, ...codes: AccessErrorCode[]): error is AccessError {
  return error instanceof AccessError && (codes.length === 0 || codes.includes(error.code))
}

const MESSAGES: Readonly<Record<AccessErrorCode, string>> = {
  denied: 'There is no such thing here, or you may not see it.',
  'sign-in': 'Sign in to do this.',
  'read-only': 'Lading is read-only (READ_ONLY is set), so nothing can be changed.',
  'foreign-origin': 'The request did not come from a page of this site. Reload the page and try again.',
}
