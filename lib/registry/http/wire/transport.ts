import { Readable } from 'node:stream'
import { createSecureContext, rootCertificates } from 'node:tls'
import { type buildConnector, type Dispatcher, errors } from 'undici'
import { RegistryError } from '../../errors.ts'
import { freeWhatIsWritten } from '../../freed-pieces.ts'
import { TRIES } from '../../tries.ts'
import { CollectedBody, type ResponseBody } from './collected-body.ts'
import { Connections } from './connections.ts'
import { translateFailure } from './failure.ts'
import { type GuardOptions, guardedConnector } from './guarded-connector.ts'
import type { Address } from './redirect.ts'

/** Milliseconds. */
export interface Timeouts {
  /** To a connection, TLS included. Default 5,000. */
  readonly connect?: number
  /** To wait for a free or a new connection. Default 30,000. */
  readonly free?: number
  /** From the request to the end of the headers. Default 15,000. */
  readonly headers?: number
  /** The same for PUT, PATCH and DELETE. Default 300,000. */
  readonly commit?: number
  /** Between two pieces of a body. Default 15,000. */
  readonly idle?: number
  /** For the whole of a body that is held in memory. Default 120,000. */
  readonly body?: number
  /** Before the second try; doubles. Default 150. */
  readonly retry?: number
  /** The longest wait that a registry may ask for. Default 60,000. */
  readonly longestWait?: number
}

export interface TransportOptions extends GuardOptions {
  /** PEM certificates trusted besides the public ones. */
  readonly ca?: string
  readonly timeouts?: Timeouts
}

export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
export type Headers = Record<string, string>
export type Body = Uint8Array | Readable

export interface SendOptions {
  readonly method: Method
  readonly headers: Headers
  readonly body?: Body | undefined
  /** Whether the answer is read at a reader's pace. Default: whether the body is sent at one. */
  readonly stream?: boolean | undefined
  /** Whether an answer may take minutes. Default: for PUT, PATCH and DELETE. */
  readonly patient?: boolean | undefined
  /** Collects the whole body with the answer, up to this many bytes. */
  readonly collect?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly foreign?: boolean
}

export interface HttpResponse {
  readonly status: number
  readonly headers: Dispatcher.ResponseData['headers']
  readonly body: ResponseBody
  readonly address: Address
  /** True when a redirect led off the registry's origin: then its challenges are not ours to answer. */
  readonly foreign: boolean
  /** The `Authorization` header that it answers: it may repeat that. */
  readonly authorization: string | undefined
}

/**
 * For reads, and as many for changes, which may take minutes each. More connections gain nothing (16 are enough for
 * 2,000 manifests) and some proxies refuse them.
 */
const CONNECTIONS = 32
/** A stream may be read as slowly as its reader likes: that holds up other streams, and nothing else. */
const STREAMS = 64
/** Milliseconds that saving a connection is worth: a server may send an unwanted body a byte at a time. */
const DISCARD_TIME = 1_000

const REPEATED: ReadonlySet<Method> = new Set(['GET', 'HEAD'])
const SLOW: ReadonlySet<Method> = new Set(['PUT', 'PATCH', 'DELETE'])

/** One request, one answer: connections, TLS and time limits. Knows nothing of authentication, redirects or retries. */
export class Transport {
  readonly #questions: Connections
  readonly #changes: Connections
  readonly #streams: Connections
  readonly #bodyTime: number
  readonly #commitTime: number
  /** Origins that send what isn't HTTP, such as a body after the answer to a HEAD. */
  readonly #reconnecting = new Set<string>()

  constructor({ ca, timeouts = {}, ...guard }: TransportOptions) {
    // Made once: with some 150 public roots, a context for each connection would cost milliseconds.
    const secureContext = ca === undefined ? undefined : createSecureContext({ ca: [...rootCertificates, ca] })
    this.#bodyTime = timeouts.body ?? 120_000
    this.#commitTime = timeouts.commit ?? 300_000
    const connect = { timeout: timeouts.connect ?? 5_000, ...(secureContext && { secureContext }) }
    const options = {
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: 10_000,
      headersTimeout: timeouts.headers ?? 15_000,
      bodyTimeout: timeouts.idle ?? 15_000,
      connect: guardedConnector({ ...connect, allowH2: false }, guard),
    }
    const free = timeouts.free ?? 30_000
    this.#questions = new Connections({ ...options, connections: CONNECTIONS }, free)
    this.#changes = new Connections({ ...options, connections: CONNECTIONS }, free)
    this.#streams = new Connections({ ...options, connect: freeing(options.connect), connections: STREAMS }, free)
  }

  /** @throws RegistryError `unreachable`, `timeout`, `tls`, `malformed`; the signal's reason */
  async send(address: Address, options: SendOptions, tries = TRIES): Promise<HttpResponse> {
    const { method, headers, body, stream = body instanceof Readable, signal, foreign = false } = options
    const { patient = SLOW.has(method), collect } = options
    const connections = stream ? this.#streams : patient ? this.#changes : this.#questions
    const host = hostOf(address)
    const asked = {
      origin: address.origin,
      path: address.path,
      method,
      headers,
      body: body ?? null,
      signal: signal ?? null,
      // undici ends a connection after a HEAD, and a table of tags takes one for each. Where a body is sent all the same,
      // that of a manifest is JSON; that of a blob could be taken for the answer to the next request.
      ...(method === 'HEAD' && isOfManifest(address) && { reset: this.#reconnecting.has(address.origin) }),
      // Storage like S3 copies a blob of some GiB when its upload is committed, and a deletion may read every tag.
      ...(patient && { headersTimeout: this.#commitTime }),
    }
    try {
      const answer =
        collect === undefined
          ? await connections.ask(asked)
          : await connections.collect(asked, { limit: collect, time: this.#bodyTime, onTime: () => slow(host) })
      const { statusCode: status, headers: answered, body: content } = answer
      return { status, headers: answered, body: content, address, foreign, authorization: headers.authorization }
    } catch (error) {
      if (error instanceof errors.HTTPParserError && tries > 1 && REPEATED.has(method)) {
        this.#reconnecting.add(address.origin)
        return this.send(address, options, tries - 1)
      }
      throw translateFailure(error, host, signal)
    }
  }

  /**
   * A whole body of at most `limit` bytes.
   * @throws RegistryError `too-large`, and as `send`
   */
  async read(response: HttpResponse, limit: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const { body, address } = response
    const host = hostOf(address)
    if (body instanceof CollectedBody) {
      if (!body.isWhole || body.content.byteLength > limit) throw tooLarge(host, limit)
      return body.content
    }
    const announced = Number(response.headers['content-length'] ?? Number.NaN)
    if (announced > limit) {
      discardNow(response)
      throw tooLarge(host, limit)
    }
    // The idle limit alone would let a server drip one byte at a time for days.
    const timer = setTimeout(() => body.destroy(slow(host)), this.#bodyTime)
    try {
      // With a length announced, HTTP itself ends the body there, so the limit holds.
      if (announced >= 0) return await body.bytes()
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of body) {
        const bytes: Uint8Array = chunk
        size += bytes.byteLength
        if (size > limit) throw tooLarge(host, limit)
        chunks.push(bytes)
      }
      return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)
    } catch (error) {
      throw translateFailure(error, host, signal)
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#questions.destroy(), this.#changes.destroy(), this.#streams.destroy()])
  }
}

/** Connections for streams of bytes, whose memory is given back. */
function freeing(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...result) => {
      if (result[1]) freeWhatIsWritten(result[1])
      callback(...result)
    })
}

/** Reads a short body to its end so that the connection can be used again; a long or slow one costs the connection instead. */
export async function discard(response: HttpResponse): Promise<void> {
  const timer = setTimeout(() => discardNow(response), DISCARD_TIME)
  await response.body.dump({ limit: 65_536 }).catch(() => undefined)
  clearTimeout(timer)
}

/** Abandons the body without waiting for it. */
export function discardNow(response: HttpResponse): void {
  response.body.on('error', () => undefined).destroy()
}

function isOfManifest({ path }: Address): boolean {
  return /\/v2\/.+\/manifests\/[^/]+$/.test(path)
}

export function hostOf(address: Address): string {
  return address.origin.slice(address.origin.indexOf('://') + 3)
}

/** The first value of a header. */
export function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

function tooLarge(host: string, limit: number): RegistryError {
  return new RegistryError('too-large', `${host} sent more than ${limit} bytes where less was expected`, { host })
}

function slow(host: string): RegistryError {
  return new RegistryError('timeout', `${host} takes too long to send its answer`, { host })
}
