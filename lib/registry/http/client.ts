import { Readable } from 'node:stream'
import { SingleFlight } from '../cache/single-flight.ts'
import { isRegistryError, type RegistryError } from '../errors.ts'
import { TRIES } from '../tries.ts'
import { publishWait } from '../waits.ts'
import { type Authorizer, newAuthState } from './auth/authorizer.ts'
import { type Challenge, parseChallenges } from './auth/challenge.ts'
import { secretsOf } from './auth/credentials.ts'
import { answerError } from './wire/answer-error.ts'
import { Backpressure } from './wire/backpressure.ts'
import { Breaker } from './wire/breaker.ts'
import type { Endpoint } from './wire/endpoint.ts'
import { translateFailure, wasReset } from './wire/failure.ts'
import { type Address, isRedirect, MAX_REDIRECTS, redirectTarget, tooManyRedirects } from './wire/redirect.ts'
import { RETRIED, type RetryVerdict, withRetries } from './wire/retries.ts'
import {
  type Body,
  discard,
  discardNow,
  type Headers,
  type HttpResponse,
  header,
  hostOf,
  type Method,
  type Timeouts,
  type Transport,
} from './wire/transport.ts'

const ERROR_LIMIT = 65_536

export interface HttpRequest {
  readonly method: Method
  /** Below `/v2/`, as `team/app/tags/list`; or a whole address on the registry's origin. */
  readonly to: string | Address
  readonly scopes: readonly string[]
  readonly headers?: Headers
  readonly body?: Body
  /** Whether the caller may read the body as slowly as it likes. Default: false. */
  readonly stream?: boolean
  /** Whether an answer may take minutes. Default: for PUT, PATCH and DELETE. */
  readonly patient?: boolean
  /** Statuses that aren't errors. Default: 200. */
  readonly ok?: readonly number[]
  /** Default: true for GET, HEAD, PUT and DELETE, unless the body is a stream, which can be sent only once. */
  readonly retry?: boolean
  /** Whether it is sent even to a registry that is thought to be down. Default: false. */
  readonly always?: boolean
  readonly repository?: string
  readonly signal?: AbortSignal | undefined
}

/** Requests to one registry: authentication, redirects, retries and the translation of errors, in one place. */
export class RegistryClient {
  readonly endpoint: Endpoint
  readonly transport: Transport
  readonly authorizer: Authorizer
  readonly #name: string
  readonly #base: string
  readonly #timeouts: Timeouts
  readonly #flights = new SingleFlight()
  readonly #breaker = new Breaker()
  readonly #backpressure = new Backpressure()
  /** Set once `/v2/` has named no way to sign in. */
  #asksNobody = false

  /** @param name of the registry, as configured */
  constructor(name: string, endpoint: Endpoint, transport: Transport, authorizer: Authorizer, timeouts: Timeouts = {}) {
    this.#name = name
    this.endpoint = endpoint
    this.transport = transport
    this.authorizer = authorizer
    this.#base = `${endpoint.prefix}/v2/`
    this.#timeouts = timeouts
  }

  /** The answer with its body unread: the caller reads, discards or destroys it. @throws RegistryError */
  send(request: HttpRequest): Promise<HttpResponse> {
    return this.#tries(request, undefined, (response) => Promise.resolve(response))
  }

  /** The answer with its whole body, of at most `limit` bytes; a connection that breaks in the middle is tried again. */
  read(request: HttpRequest, limit: number): Promise<{ response: HttpResponse; bytes: Uint8Array }> {
    return this.#tries(request, limit, async (response) => ({
      response,
      bytes: await this.transport.read(response, limit, request.signal),
    }))
  }

  /** The answer when only its status and headers matter. */
  async head(request: HttpRequest): Promise<HttpResponse> {
    const response = await this.send(request)
    await discard(response)
    return response
  }

  #tries<T>(
    request: HttpRequest,
    collect: number | undefined,
    use: (response: HttpResponse) => Promise<T>,
  ): Promise<T> {
    const { signal, method, body } = request
    const isStream = body instanceof Readable
    const tries = (request.retry ?? (method !== 'POST' && method !== 'PATCH')) && !isStream ? TRIES : 1
    // The token server's answers have already been retried.
    let answered: RegistryError | undefined
    const judge = (error: unknown): RetryVerdict => {
      if (wasReset(error)) return 'again'
      if (!answered || error !== answered || !RETRIED.has(answered.status)) return 'final'
      // A redirect's target may be busy or down while the registry isn't.
      const asksToWait = answered.status === 429 || answered.retryAfter
      return asksToWait && answered.host === this.endpoint.host ? { wait: answered.retryAfter ?? 0 } : 'again'
    }
    const onWait = (wait: number) => publishWait({ registry: this.#name, until: Date.now() + wait })
    const options = {
      backpressure: this.#backpressure,
      judge,
      tries,
      timeouts: this.#timeouts,
      isStream,
      onWait,
      signal,
    }
    return withRetries(options, async () => {
      if (!request.always) this.#breaker.check()
      try {
        const response = await this.#authorized(request, collect)
        this.#breaker.succeeded()
        if ((request.ok ?? OK).includes(response.status)) return await use(response)
        answered = await this.#error(response, request)
      } catch (error) {
        if (isRegistryError(error) && error.host === this.endpoint.host) this.#breaker.failed(error)
        throw error
      }
      throw answered
    })
  }

  async #authorized(request: HttpRequest, collect: number | undefined): Promise<HttpResponse> {
    const { authorizer } = this
    const state = newAuthState(request.scopes, request.method === 'DELETE')
    const replayable = request.body === undefined || request.body instanceof Uint8Array
    if (request.to !== '' && !this.#asksNobody && authorizer.needsChallenge) await this.#introduce(request.signal)
    let authorization = await authorizer.authorization(state, request.signal)
    let response = await this.#follow(request, authorization, collect)
    let challenged = false
    // 401 each: no scheme yet, wrong scopes, ended token, `*`.
    for (let round = 0; round < 4 && replayable && asksForCredentials(request, response, authorization); round++) {
      let next: string | undefined
      try {
        let challenges = parseChallenges(response.headers['www-authenticate'])
        if (challenges.length === 0 && !authorizer.knowsScheme)
          challenges = await this.#challengesOfPing(request.signal)
        next = await authorizer.answer(challenges, state, authorization, request.signal)
      } catch (error) {
        discardNow(response)
        throw error
      }
      if (next === undefined) break
      await discard(response)
      challenged = true
      authorization = next
      response = await this.#follow(request, authorization, collect)
    }
    const learns = challenged || (state.refusal && authorization !== undefined)
    if (learns && response.status !== 401 && response.status !== 403) authorizer.learn(state)
    return response
  }

  /** Whether `GET /v2/` without credentials is refused. @throws RegistryError for an answer that says neither */
  async asksForCredentials(signal: AbortSignal | undefined): Promise<boolean> {
    const request = { method: 'GET', to: '', scopes: [], signal } as const
    const response = await this.#follow(request, undefined)
    if (response.status !== 200 && response.status !== 401) throw await this.#error(response, request)
    await discard(response)
    return response.status === 401
  }

  /**
   * Some registries show strangers less instead of asking who they are: the catalogs of Quay and zot list what everybody
   * may see. With credentials the first question is therefore how to sign in.
   */
  async #introduce(signal: AbortSignal | undefined): Promise<void> {
    const { authorizer } = this
    if (!(await authorizer.hasCredentials({ signal }))) return
    await this.#flights.run('challenge', signal, async (shared) => {
      authorizer.adopt(await this.#challengesOfPing(shared))
      this.#asksNobody = !authorizer.knowsScheme
    })
  }

  /**
   * Some servers explain what they want only at `/v2/`. Where that leads to another host, its challenges are not ours to
   * answer; where it may not be followed, the registry asks for nothing there.
   */
  async #challengesOfPing(signal: AbortSignal | undefined): Promise<Challenge[]> {
    try {
      const ping = await this.#follow({ method: 'GET', to: '', scopes: [], signal }, undefined)
      await discard(ping)
      return ping.foreign ? [] : parseChallenges(ping.headers['www-authenticate'])
    } catch (error) {
      if (isRegistryError(error, 'unsafe-redirect')) return []
      throw error
    }
  }

  async #follow(request: HttpRequest, authorization: string | undefined, collect?: number): Promise<HttpResponse> {
    const { method, to, body, stream, patient, signal } = request
    const sent = { method, body, stream, patient, collect, signal }
    let address = typeof to === 'string' ? { origin: this.endpoint.origin, path: this.#base + to } : to
    let headers: Headers = { 'accept-encoding': 'identity', 'user-agent': 'lading', ...request.headers }
    const plain = headers
    if (authorization !== undefined) headers = { ...headers, authorization }
    let foreign = false
    for (let hops = 0; ; hops++) {
      const response = await this.transport.send(address, { ...sent, headers, foreign })
      if (response.status < 300 || !isRedirect(response.status)) return response
      const location = header(response, 'location')
      if (location === undefined) return response
      if (hops === MAX_REDIRECTS || (body !== undefined && !(body instanceof Uint8Array))) {
        await discard(response)
        throw tooManyRedirects(this.endpoint)
      }
      await discard(response)
      address = redirectTarget(this.endpoint, address, location, method)
      if (address.origin !== this.endpoint.origin) {
        foreign = true
        // Permanent: a host that redirects back must not choose what our credentials are used for.
        headers = plain
      }
    }
  }

  async #error(response: HttpResponse, request: HttpRequest): Promise<RegistryError> {
    const { method, repository, signal } = request
    const { status, headers } = response
    const host = hostOf(response.address)
    const secrets = secretsOf(response.authorization)
    if (response.foreign) {
      // Another host's answer is never shown: the registry chose that host, not the user.
      discardNow(response)
      const retryAfter = headers['retry-after']
      return answerError({
        status,
        headers: { 'retry-after': retryAfter },
        host,
        method,
        repository,
        body: EMPTY,
        isForeign: response.address.origin !== this.endpoint.origin,
        secrets,
      })
    }
    let body: Uint8Array = EMPTY
    if (method === 'HEAD') await discard(response)
    else
      try {
        body = await this.transport.read(response, ERROR_LIMIT, signal)
      } catch (error) {
        // The status is known and matters more than an explanation that is too long or breaks off.
        if (signal?.aborted) throw translateFailure(error, hostOf(response.address), signal)
      }
    return answerError({ status, headers, host, method, repository, body, secrets })
  }
}

const OK: readonly number[] = [200]
const EMPTY = new Uint8Array()

/** zot lets anybody in at `/v2/` and challenges in the same answer: only then do we learn whether it takes our credentials. */
function asksForCredentials(request: HttpRequest, response: HttpResponse, sent: string | undefined): boolean {
  if (response.foreign) return false
  if (response.status === 401) return true
  return request.to === '' && response.status === 200 && !sent && header(response, 'www-authenticate') !== undefined
}
