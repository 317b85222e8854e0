import { BrandedError } from '../oci/branded-error.ts'
import type { Verb } from './rights.ts'
import type { Scope } from './scope.ts'

/**
 * Codes only: `lib/problem` has the words.
 * - `denied` the actor's rights don't cover it; a read that fails like this looks absent (`isAbsence`)
 * - `sign-in` nobody is signed in, and a user might be allowed
 * - `session-ended` the same of somebody who was signed in when their page was rendered
 * - `read-only` would be allowed, but Lading runs with READ_ONLY
 * - `foreign-origin` the request does not come from a page of this site
 * - `too-many` the actor sends requests faster than anybody needs to
 * - `token` the access token of the request isn't valid, or isn't for such requests
 * - `token-scope` the access token is valid, and was created for something else: true of any place, so it reveals none
 * - `no-token` the same as `sign-in` of a request below /api that is about no place, so that saying it reveals none
 * - `too-many-tokens` the user has as many tokens as one may have
 * - `records` what Lading has recorded of a registry is not for the registry's own accounts
 * - `account-token` accounts of a registry can't have access tokens: nothing would hold their credentials
 * - `account-gone` the credentials of the registry account that this runs with are no longer held
 */
export type AccessErrorCode =
  | 'denied'
  | 'sign-in'
  | 'session-ended'
  | 'read-only'
  | 'foreign-origin'
  | 'too-many'
  | 'token'
  | 'token-scope'
  | 'no-token'
  | 'too-many-tokens'
  | 'records'
  | 'account-token'
  | 'account-gone'

export class AccessError extends BrandedError {
  static override readonly brand = 'AccessError'

  readonly code: AccessErrorCode
  readonly verb: Verb | undefined
  readonly scope: Scope | undefined

  constructor(code: AccessErrorCode, verb?: Verb, scope?: Scope) {
    super(`access: ${code}`)
    this.code = code
    this.verb = verb
    this.scope = scope
  }
}

export function isAccessError(error: unknown, ...codes: AccessErrorCode[]): error is AccessError {
  return error instanceof AccessError && (codes.length === 0 || codes.includes(error.code))
}
