import { isRecord } from '../../../oci/descriptor.ts'
import { isRegistryError, RegistryError, type RegistryErrorKind } from '../../errors.ts'
import { answerError } from '../wire/answer-error.ts'
import { Backpressure } from '../wire/backpressure.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import { wasReset } from '../wire/failure.ts'
import { type Address, isRedirect, MAX_REDIRECTS, redirectTarget } from '../wire/redirect.ts'
import { RETRIED, type RetryVerdict, withRetries } from '../wire/retries.ts'
import {
  discard,
  type Headers,
  type HttpResponse,
  header,
  hostOf,
  type Method,
  type Timeouts,
  type Transport,
} from '../wire/transport.ts'
import { basicAuthorization, type Credentials, formsOf, secretsOf } from './credentials.ts'

const TOKEN_LIMIT = 1024 * 1024
const ERROR_LIMIT = 65_536
const SHORTEST_LIFE = 60
const EMPTY = new Uint8Array()
/** The errors that a token server may report; anything else would read as if the registry had said it. */
const REFUSALS: ReadonlySet<RegistryErrorKind> = new Set([
  'unauthorized',
  'denied',
  'rate-limited',
  'unavailable',
  'timeout',
])

export interface Token {
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly expires: number
}

/** One token, asked for by whichever of the two flows the server knows. */
export interface TokenQuestion {
  /** The URL of a server that may receive our credentials. */
  readonly address: Address
  readonly service: string | undefined
  readonly scopes: readonly string[]
  readonly credentials: Credentials | undefined
  readonly signal: AbortSignal
}

/** The server refused these scopes, which may have been a guess of ours: others may be granted. */
export interface ScopesRefused {
  readonly refusal: RegistryError
}

/** Requests to the token server of one registry, tried again like those to the registry itself. */
export class TokenRequests {
  readonly #endpoint: Endpoint
  readonly #transport: Transport
  readonly #tokenHosts: readonly string[]
  readonly #timeouts: Timeouts
  readonly #backpressure = new Backpressure()

  constructor(endpoint: Endpoint, transport: Transport, tokenHosts: readonly string[], timeouts: Timeouts) {
    this.#endpoint = endpoint
    this.#tokenHosts = tokenHosts
    this.#transport = transport
    this.#timeouts = timeouts
  }

  /** @throws RegistryError */
  async ask(question: TokenQuestion): Promise<Token | ScopesRefused> {
    const { signal } = question
    const options = { backpressure: this.#backpressure, judge: judgeFailure, timeouts: this.#timeouts, signal }
    try {
      return await withRetries(options, () => this.#ask(question))
    } catch (error) {
      throw isRegistryError(error) && wasReset(error) ? connectionLost(error) : error
    }
  }

  async #ask(question: TokenQuestion): Promise<Token | ScopesRefused> {
    const { credentials } = question
    if (credentials && 'identityToken' in credentials) {
      const { username = '<token>', identityToken } = credentials
      const answer = await this.#post(question, { grant_type: 'refresh_token', refresh_token: identityToken })
      if (!lacksFlow(answer)) return this.#token(answer, question)
      await discard(answer)
      // Servers without the OAuth2 flow take the same secret by Basic.
      return this.#token(await this.#get(question, { username, password: identityToken }), question)
    }
    const basic = credentials && 'password' in credentials ? credentials : undefined
    const answer = await this.#get(question, basic)
    if (!basic || !lacksFlow(answer)) return this.#token(answer, question)
    await discard(answer)
    return this.#token(await this.#post(question, { grant_type: 'password', ...basic }), question)
  }

  #get(question: TokenQuestion, basic: { username: string; password: string } | undefined): Promise<HttpResponse> {
    const { address, service, scopes, signal } = question
    const query = new URLSearchParams()
    if (service) query.set('service', service)
    for (const scope of scopes) query.append('scope', scope)
    query.set('client_id', 'lading')
    if (basic) query.set('account', basic.username)
    const path = `${address.path}${address.path.includes('?') ? '&' : '?'}${query}`
    const headers: Headers = basic ? { authorization: basicAuthorization(basic.username, basic.password) } : {}
    return this.#follow({ origin: address.origin, path }, 'GET', headers, undefined, signal)
  }

  #post({ address, service, scopes, signal }: TokenQuestion, form: Record<string, string>): Promise<HttpResponse> {
    const body = new URLSearchParams({ ...form, client_id: 'lading' })
    if (service) body.set('service', service)
    // One field, separated by spaces, where GET repeats the parameter.
    if (scopes.length > 0) body.set('scope', scopes.join(' '))
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#follow(address, 'POST', headers, Buffer.from(body.toString()), signal)
  }

  /** Redirects keep to the token server's own origin: its credentials are in the request. */
  async #follow(start: Address, method: Method, extra: Headers, body: Uint8Array | undefined, signal: AbortSignal) {
    const headers: Headers = {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'lading',
      ...extra,
    }
    let address = start
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const response = await this.#transport.send(address, { method, headers, body, signal })
      const location = header(response, 'location')
      if (!isRedirect(response.status) || !location) return response
      await discard(response)
      const next = redirectTarget(this.#endpoint, address, location, 'GET')
      if (next.origin !== start.origin) throw this.#refuse(next.origin, 'the token server redirects to another host')
      address = next
    }
    throw this.#refuse(start.origin, `it redirects more than ${MAX_REDIRECTS} times`)
  }

  async #token(
    response: HttpResponse,
    { address, scopes, credentials, signal }: TokenQuestion,
  ): Promise<Token | ScopesRefused> {
    const host = hostOf(response.address)
    const ok = response.status === 200
    const body = await this.#transport
      .read(response, ok ? TOKEN_LIMIT : ERROR_LIMIT, signal)
      .catch((error: unknown) => {
        // The status matters more than an explanation that is too long or breaks off.
        if (ok || signal.aborted) throw error
        return new Uint8Array()
      })
    if (ok) return readToken(body, host)
    // 400 is how OAuth2 says that a grant is not valid (RFC 6749, 5.2).
    const status = response.status === 400 ? 401 : response.status
    // Nothing is quoted from a host that only the registry names.
    const isKnown = new URL(address.origin).hostname === this.#endpoint.hostname || this.#tokenHosts.includes(host)
    const { 'retry-after': retryAfter } = response.headers
    const told = isKnown ? { headers: response.headers, body } : { headers: { 'retry-after': retryAfter }, body: EMPTY }
    const secrets = [...secretsOf(response.authorization), ...secretsIn(credentials)]
    const error = answerError({ status, host, method: 'GET', repository: undefined, secrets, ...told })
    if (scopes.length > 0 && refusesScopes(response.status, body)) return { refusal: error }
    if (REFUSALS.has(error.kind)) throw error
    // Its 404 or 405 must not be taken for the registry's, which says that a repository or a function is not there: so
    // neither the kind nor the status is passed on.
    const message = `the token server ${host} answered ${response.status}`
    throw new RegistryError('unavailable', message, { host, detail: error.detail })
  }

  #refuse(target: string, why: string): RegistryError {
    const { host } = this.#endpoint
    return new RegistryError('unsafe-redirect', `${host} asks to log in at ${target}, which is refused: ${why}`, {
      host,
    })
  }
}

/** A form has them as they are. */
function secretsIn(credentials: Credentials | undefined): string[] {
  if (!credentials || 'registryToken' in credentials) return []
  return formsOf('password' in credentials ? credentials.password : credentials.identityToken)
}

function judgeFailure(error: unknown): RetryVerdict {
  if (!isRegistryError(error)) return 'final'
  if (wasReset(error)) return 'again'
  if (!RETRIED.has(error.status)) return 'final'
  return error.status === 429 || error.retryAfter ? { wait: error.retryAfter ?? 0 } : 'again'
}

/** Servers know one of the two flows or both. */
function lacksFlow({ status }: HttpResponse): boolean {
  return status === 404 || status === 405
}

/** Not if it rejects the credentials (RFC 6749, 5.2). */
function refusesScopes(status: number, body: Uint8Array): boolean {
  if (status === 403) return true
  return status === 400 && !/invalid_(?:grant|client)|unauthorized_client/.test(Buffer.from(body).toString('latin1'))
}

/** Wrapped: that the connection breaks is counted here, and not again by the request that needs the token. */
function connectionLost(cause: RegistryError): RegistryError {
  const { kind, message, host = '' } = cause
  return new RegistryError(kind, message, { host }, { cause })
}

/** @throws RegistryError `malformed` */
function readToken(body: Uint8Array, host: string, now = Date.now()): Token {
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder().decode(body))
  } catch (cause) {
    throw new RegistryError('malformed', `the token server ${host} didn’t answer in JSON`, { host }, { cause })
  }
  const { access_token: access, token, expires_in: expiresIn } = isRecord(document) ? document : {}
  const value = typeof access === 'string' && access ? access : token
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    throw new RegistryError('malformed', `the token server ${host} answered without a token`, { host })
  // `issued_at` is left out of it: clocks differ, and a stale or future one would make a good token useless.
  const seconds = typeof expiresIn === 'number' && expiresIn > SHORTEST_LIFE ? expiresIn : SHORTEST_LIFE
  return { value, expires: now + seconds * 1000 }
}
