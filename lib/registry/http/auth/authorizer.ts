import type { RegistryError } from '../../errors.ts'
import type { CallOptions } from '../../registry.ts'
import { type Challenge, findChallenge } from './challenge.ts'
import { basicAuthorization, type CredentialSource, type Credentials } from './credentials.ts'
import { type TokenService, type TokenSource, userOf } from './token.ts'
import { mergeScopes, scopeKey, splitScopes, widenScopes } from './token-scope.ts'

type Scheme = { readonly kind: 'basic' } | ({ readonly kind: 'bearer' } & TokenService)

const MAX_LEARNED = 10_000

/** The history of one request: a refusal is answered with something new or not at all. */
export interface AuthState {
  readonly scopes: readonly string[]
  /** Whether `*` may be asked for when the exact actions are not granted. */
  readonly widen: boolean
  readonly tried: Set<string>
  refreshed: boolean
  /** Set once the token server has refused scopes that we guessed: from then on only the challenge's own are asked for. */
  refusal?: RegistryError
}

export function newAuthState(scopes: readonly string[], widen: boolean): AuthState {
  return { scopes, widen, tried: new Set(), refreshed: false }
}

/** Chooses the `Authorization` header for each request to one registry, learning from its challenges. */
export class Authorizer {
  readonly #host: string
  readonly #source: CredentialSource | undefined
  readonly #tokens: TokenSource
  #scheme: Scheme | undefined
  /** The scopes that a registry really wants, by the ones guessed. */
  readonly #learned = new Map<string, readonly string[]>()

  constructor(host: string, source: CredentialSource | undefined, tokens: TokenSource) {
    this.#host = host
    this.#source = source
    this.#tokens = tokens
  }

  get knowsScheme(): boolean {
    return this.#scheme !== undefined
  }

  /** Whether there may be credentials, and how to present them is unknown. */
  get needsChallenge(): boolean {
    return this.#source !== undefined && this.#scheme === undefined
  }

  async hasCredentials(options: CallOptions): Promise<boolean> {
    return (await this.#source?.(this.#host, options)) !== undefined
  }

  /** Takes the scheme that the registry asks for, before anything is refused. */
  adopt(challenges: readonly Challenge[]): void {
    this.#scheme = schemeOf(challenges) ?? this.#scheme
  }

  /** The header to start with; undefined before the registry has asked for anything. */
  async authorization(state: AuthState, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (!this.#scheme) return undefined
    const credentials = await this.#source?.(this.#host, { signal })
    if (this.#scheme.kind === 'basic') return basic(credentials)
    const scopes = this.#learned.get(scopeKey(state.scopes)) ?? state.scopes
    let bearer: string | undefined
    try {
      bearer = await this.#bearer(this.#scheme, scopes, credentials, state, signal)
    } catch (error) {
      // The registry may want people to log in elsewhere by now: the next request asks it.
      this.#scheme = undefined
      throw error
    }
    if (bearer !== undefined) return bearer
    // The registry itself may accept less than we guessed that it wants; if not, its challenge says what it does.
    const held = this.#tokens.related(this.#scheme, scopes, userOf(credentials))
    if (!held) return undefined
    state.tried.add(scopeKey(held.scopes))
    return `Bearer ${held.value}`
  }

  /** The header to send after a 401, or undefined when there is nothing left to try. */
  async answer(
    challenges: readonly Challenge[],
    state: AuthState,
    refused: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const credentials = await this.#source?.(this.#host, { signal })
    const scheme = schemeOf(challenges)
    if (!scheme) return undefined
    this.#scheme = scheme
    const bearer = findChallenge(challenges, 'bearer')
    if (scheme.kind === 'bearer' && bearer) return this.#answerBearer(scheme, bearer, state, credentials, signal)
    const header = basic(credentials)
    return header === refused ? undefined : header
  }

  /** The scopes of a request that was accepted after a challenge: the next one of its kind asks for them at once. */
  learn(state: AuthState): void {
    const last = [...state.tried].at(-1)
    const asked = scopeKey(state.scopes)
    if (last === undefined || last === asked) return
    if (this.#learned.size >= MAX_LEARNED) this.#learned.clear()
    this.#learned.set(asked, last === '' ? [] : last.split(' '))
  }

  /** Asks for one set of scopes after another until the token server grants one that has not been tried. */
  async #answerBearer(
    service: TokenService,
    challenge: Challenge,
    state: AuthState,
    credentials: Credentials | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    for (;;) {
      const scopes = this.#nextScopes(service, challenge, state, credentials)
      if (!scopes) {
        if (state.refusal) throw state.refusal
        return undefined
      }
      const header = await this.#bearer(service, scopes, credentials, state, signal)
      if (header !== undefined) return header
    }
  }

  #nextScopes(
    service: TokenService,
    challenge: Challenge,
    state: AuthState,
    credentials: Credentials | undefined,
  ): readonly string[] | undefined {
    const challenged = splitScopes(challenge.parameters.get('scope'))
    // The challenge's scopes come first, because some servers read only one scope.
    const wanted = state.refusal && challenged.length > 0 ? challenged : mergeScopes(challenged, state.scopes)
    const key = scopeKey(wanted)
    if (!state.tried.has(key)) return wanted
    const insufficient = challenge.parameters.get('error') === 'insufficient_scope'
    if (!state.refreshed && !insufficient) {
      // A token that worked and is now refused was revoked or has expired early.
      state.refreshed = true
      this.#tokens.forget(service, wanted, userOf(credentials))
      return wanted
    }
    const widest = widenScopes(wanted)
    return state.widen && !state.tried.has(scopeKey(widest)) ? widest : undefined
  }

  /** Undefined when the token server refuses the scopes. */
  async #bearer(
    service: TokenService,
    scopes: readonly string[],
    credentials: Credentials | undefined,
    state: AuthState,
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const key = scopeKey(scopes)
    state.tried.delete(key)
    state.tried.add(key)
    if (credentials && 'registryToken' in credentials) return `Bearer ${credentials.registryToken}`
    const held = this.#tokens.cached(service, scopes, userOf(credentials))
    if (held) return `Bearer ${held}`
    // Fetching a refused new token again won't help.
    state.refreshed = true
    const fetched = await this.#tokens.fetch(service, scopes, credentials, signal)
    if (typeof fetched === 'string') return `Bearer ${fetched}`
    state.refusal ??= fetched.refusal
    return undefined
  }
}

function schemeOf(challenges: readonly Challenge[]): Scheme | undefined {
  const bearer = findChallenge(challenges, 'bearer')
  const realm = bearer?.parameters.get('realm')
  if (bearer && realm) return { kind: 'bearer', realm, service: bearer.parameters.get('service') }
  return findChallenge(challenges, 'basic') && { kind: 'basic' }
}

function basic(credentials: Credentials | undefined): string | undefined {
  return credentials && 'password' in credentials
    ? basicAuthorization(credentials.username, credentials.password)
    : undefined
}
