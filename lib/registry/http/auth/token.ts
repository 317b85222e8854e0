import { SingleFlight } from '../../cache/single-flight.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import type { Timeouts, Transport } from '../wire/transport.ts'
import type { Credentials } from './credentials.ts'
import { realmAddress } from './realm.ts'
import { type ScopesRefused, type Token, TokenRequests } from './token-requests.ts'
import { resourceOf, scopeKey } from './token-scope.ts'

/** A token is renewed this many milliseconds before it ends. */
const EARLY = 5_000
const MAX_TOKENS = 2_000

export interface TokenService {
  readonly realm: string
  readonly service: string | undefined
}

/** Bearer tokens of one registry (distribution, "Token Authentication"), kept until shortly before they end. */
export class TokenSource {
  readonly #endpoint: Endpoint
  readonly #requests: TokenRequests
  readonly #tokenHosts: readonly string[]
  readonly #tokens = new Map<string, Token>()
  readonly #flights = new SingleFlight()

  constructor(endpoint: Endpoint, transport: Transport, tokenHosts: readonly string[], timeouts: Timeouts = {}) {
    this.#endpoint = endpoint
    this.#requests = new TokenRequests(endpoint, transport, tokenHosts, timeouts)
    this.#tokenHosts = tokenHosts
  }

  /** The token for these scopes, if there is a valid one. */
  cached(service: TokenService, scopes: readonly string[], user: string): string | undefined {
    const token = this.#tokens.get(keyOf(service, scopes, user))
    return token && token.expires - EARLY > Date.now() ? token.value : undefined
  }

  forget(service: TokenService, scopes: readonly string[], user: string): void {
    this.#tokens.delete(keyOf(service, scopes, user))
  }

  /** A valid token of this account for the same resources, regardless of its actions; the newest of several. */
  related(service: TokenService, scopes: readonly string[], user: string): HeldToken | undefined {
    const resources = new Set(scopes.map(resourceOf))
    for (const [key, { value, expires }] of [...this.#tokens].reverse()) {
      const held = scopesIn(key, service, user)
      if (held && expires - EARLY > Date.now() && held.some((scope) => resources.has(resourceOf(scope))))
        return { value, scopes: held }
    }
    return undefined
  }

  /**
   * The token, or the refusal of a server that grants none for these scopes.
   * @throws RegistryError `unauthorized`, `denied`, `rate-limited`, `unavailable` (also for 404 and the like, which say
   * nothing of what was asked for), `unsafe-redirect`, `malformed`, and as `Transport.send`
   */
  async fetch(
    service: TokenService,
    scopes: readonly string[],
    credentials: Credentials | undefined,
    signal?: AbortSignal,
  ): Promise<string | ScopesRefused> {
    const user = userOf(credentials)
    const key = keyOf(service, scopes, user)
    return this.#flights.run(key, signal, async (shared) => {
      const held = this.cached(service, scopes, user)
      if (held) return held
      const address = realmAddress(this.#endpoint, service.realm, this.#tokenHosts)
      const question = { address, service: service.service, scopes, credentials, signal: shared }
      const token = await this.#requests.ask(question)
      if ('refusal' in token) return token
      if (this.#tokens.size >= MAX_TOKENS) this.#tokens.clear()
      this.#tokens.set(key, token)
      return token.value
    })
  }
}

export interface HeldToken {
  readonly value: string
  readonly scopes: readonly string[]
}

/** Distinguishes the tokens of different accounts; never a secret. */
export function userOf(credentials: Credentials | undefined): string {
  if (!credentials) return ''
  return 'registryToken' in credentials ? '<registry token>' : (credentials.username ?? '<identity token>')
}

function keyOf(service: TokenService, scopes: readonly string[], user: string): string {
  return accountKey(service, user) + scopeKey(scopes)
}

function accountKey(service: TokenService, user: string): string {
  return `${service.realm}\n${service.service ?? ''}\n${user}\n`
}

/** The scopes in a key of `keyOf`; undefined for another account's. */
function scopesIn(key: string, service: TokenService, user: string): string[] | undefined {
  const account = accountKey(service, user)
  return key.startsWith(account) ? key.slice(account.length).split(' ').filter(Boolean) : undefined
}
