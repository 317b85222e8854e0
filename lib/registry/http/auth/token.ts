import { SingleFlight } from '../../cache/single-flight.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import type { Timeouts, Transport } from '../wire/transport.ts'
import type { Credentials } from './credentials.ts'
import { realmAddress } from './realm.ts'
import { scopeKey } from './scope.ts'
import { type Token, TokenRequests } from './token-requests.ts'

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
    this.#requests = new TokenRequests(endpoint, transport, timeouts)
    this.#tokenHosts = tokenHosts
  }

  /** The token for these scopes if there is one that still lives. */
  cached(service: TokenService, scopes: readonly string[], user: string): string | undefined {
    const token = this.#tokens.get(keyOf(service, scopes, user))
    return token && token.expires - EARLY > Date.now() ? token.value : undefined
  }

  forget(service: TokenService, scopes: readonly string[], user: string): void {
    this.#tokens.delete(keyOf(service, scopes, user))
  }

  /**
   * @throws RegistryError `unauthorized`, `denied`, `rate-limited`, `unavailable` (also for 404 and the like, which say
   * nothing of what was asked for), `unsafe-redirect`, `malformed`, and as `Transport.send`
   */
  async fetch(
    service: TokenService,
    scopes: readonly string[],
    credentials: Credentials | undefined,
    signal?: AbortSignal,
  ): Promise<string> {
    const user = userOf(credentials)
    const key = keyOf(service, scopes, user)
    return this.#flights.run(key, signal, async (shared) => {
      const held = this.cached(service, scopes, user)
      if (held) return held
      const address = realmAddress(this.#endpoint, service.realm, this.#tokenHosts)
      const token = await this.#requests.ask(address, service.service, scopes, credentials, shared)
      if (this.#tokens.size >= MAX_TOKENS) this.#tokens.clear()
      this.#tokens.set(key, token)
      return token.value
    })
  }
}

/** By which the tokens of different accounts are told apart; never a secret. */
export function userOf(credentials: Credentials | undefined): string {
  if (!credentials) return ''
  return 'registryToken' in credentials ? '<registry token>' : (credentials.username ?? '<identity token>')
}

function keyOf(service: TokenService, scopes: readonly string[], user: string): string {
  return `${service.realm}\n${service.service ?? ''}\n${user}\n${scopeKey(scopes)}`
}
