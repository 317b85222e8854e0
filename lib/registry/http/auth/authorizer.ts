import type { RegistryError } from '../../errors.ts'
import type { CallOptions } from '../../registry.ts'
import { type Challenge, findChallenge } from './challenge.ts'
import { basicAuthorization, type CredentialSource, type Credentials } from './credentials.ts'
import { mergeScopes, scopeKey, splitScopes, widenScopes } from './scope.ts'
import { type TokenService, type TokenSource, userOf } from './token.ts'

type Scheme = { readonly kind: 'basic' } | ({ readonly kind: 'bearer' } & TokenService)

const MAX_LEARNED = 10_000

/** What one request has been through: a refusal is answered with something new or not at all. */
export interface Attempt {
  readonly scopes: readonly string[]
  /** Whether `*` may be asked for when the exact actions are not granted. */
  readonly widen: boolean
  readonly tried: Set<string>
  refreshed: boolean
  /** Set once the token server has refused scopes that we guessed: from then on only the challenge's own are asked for. */
  refusal?: RegistryError
}

export function newAttempt(scopes: readonly string[], widen: boolean): Attempt {
  return { scopes, widen, tried: new Set(), refreshed: false }
}

/** Chooses the `Authorization` header for each request to one registry, learning from its challenges. */
export class Authorizer {
  readonly #host: string
  readonly #source: CredentialSource | undefined
  readonly #tokens: TokenSource
  #scheme: Scheme | undefined
  /** Scopes that a registry turned out to want for those that we would ask for. */
  readonly #learned = new Map<string, readonly string[]>()

  constructor(host: string, source: CredentialSource | undefined, tokens: TokenSource) {
    this.#host = host
    this.#source = source
    this.#tokens = tokens
  }

  get knowsScheme(): boolean {
    return this.#scheme !== undefined
  }

  async hasCredentials(options: CallOptions): Promise<boolean> {
    return (await this.#source?.(this.#host, options)) !== undefined
  }

  /** The header to start with; undefined before the registry has asked for anything. */
  async authorization(attempt: Attempt, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (!this.#scheme) return undefined
    const credentials = await this.#source?.(this.#host, { signal })
    if (this.#scheme.kind === 'basic') return basic(credentials)
    const scopes = this.#learned.get(scopeKey(attempt.scopes)) ?? attempt.scopes
    const bearer = await this.#bearer(this.#scheme, scopes, credentials, attempt, signal)
    if (bearer !== undefined) return bearer
    // The registry itself may accept less than we guessed that it wants; if not, its challenge says what it does.
    const held = this.#tokens.related(this.#scheme, scopes, userOf(credentials))
    if (!held) return undefined
    attempt.tried.add(scopeKey(held.scopes))
    return `Bearer ${held.value}`
  }

  /** What to send after a 401, or undefined when there is nothing left to try. */
  async answer(
    challenges: readonly Challenge[],
    attempt: Attempt,
    refused: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const credentials = await this.#source?.(this.#host, { signal })
    const bearer = findChallenge(challenges, 'bearer')
    const realm = bearer?.parameters.get('realm')
    if (bearer && realm) {
      this.#scheme = { kind: 'bearer', realm, service: bearer.parameters.get('service') }
      return this.#answerBearer(this.#scheme, bearer, attempt, credentials, signal)
    }
    if (!findChallenge(challenges, 'basic')) return undefined
    this.#scheme = { kind: 'basic' }
    const header = basic(credentials)
    return header === refused ? undefined : header
  }

  /** The scopes of a request that was accepted after a challenge: the next one of its kind asks for them at once. */
  learn(attempt: Attempt): void {
    const last = [...attempt.tried].at(-1)
    const asked = scopeKey(attempt.scopes)
    if (last === undefined || last === asked) return
    if (this.#learned.size >= MAX_LEARNED) this.#learned.clear()
    this.#learned.set(asked, last === '' ? [] : last.split(' '))
  }

  /** Asks for one set of scopes after another until the token server grants one that has not been tried. */
  async #answerBearer(
    service: TokenService,
    challenge: Challenge,
    attempt: Attempt,
    credentials: Credentials | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    for (;;) {
      const scopes = this.#nextScopes(service, challenge, attempt, credentials)
      if (!scopes) {
        if (attempt.refusal) throw attempt.refusal
        return undefined
      }
      const header = await this.#bearer(service, scopes, credentials, attempt, signal)
      if (header !== undefined) return header
    }
  }

  #nextScopes(
    service: TokenService,
    challenge: Challenge,
    attempt: Attempt,
    credentials: Credentials | undefined,
  ): readonly string[] | undefined {
    const challenged = splitScopes(challenge.parameters.get('scope'))
    // What was challenged goes first, because some servers read only one scope.
    const wanted = attempt.refusal && challenged.length > 0 ? challenged : mergeScopes(challenged, attempt.scopes)
    const key = scopeKey(wanted)
    if (!attempt.tried.has(key)) return wanted
    const insufficient = challenge.parameters.get('error') === 'insufficient_scope'
    if (!attempt.refreshed && !insufficient) {
      // A token that was good and is refused now has been revoked or has ended early.
      attempt.refreshed = true
      this.#tokens.forget(service, wanted, userOf(credentials))
      return wanted
    }
    const widest = widenScopes(wanted)
    return attempt.widen && !attempt.tried.has(scopeKey(widest)) ? widest : undefined
  }

  /** Undefined when the token server refuses the scopes. */
  async #bearer(
    service: TokenService,
    scopes: readonly string[],
    credentials: Credentials | undefined,
    attempt: Attempt,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const key = scopeKey(scopes)
    attempt.tried.delete(key)
    attempt.tried.add(key)
    if (credentials && 'registryToken' in credentials) return `Bearer ${credentials.registryToken}`
    const held = this.#tokens.cached(service, scopes, userOf(credentials))
    if (held) return `Bearer ${held}`
    // A new token that is refused will not get better by fetching it again.
    attempt.refreshed = true
    const fetched = await this.#tokens.fetch(service, scopes, credentials, signal)
    if (typeof fetched === 'string') return `Bearer ${fetched}`
    attempt.refusal ??= fetched.refusal
    return undefined
  }
}

function basic(credentials: Credentials | undefined): string | undefined {
  return credentials && 'password' in credentials
    ? basicAuthorization(credentials.username, credentials.password)
    : undefined
}
