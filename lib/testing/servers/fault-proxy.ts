import { type IncomingMessage, request as requestUpstream, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type HttpServer, startHttpServer } from './http-server.ts'
import { digestOfTag } from './images.ts'

/** What goes wrong. Faults that change an answer first let the real registry give it. */
export type Fault =
  /** Answers itself: any status, headers and body (HTML on 200, malformed JSON, 5xx, 429 …). */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Headers
      readonly body?: string | Uint8Array
    }
  /** Answers by a function: what the registry lacks. */
  | { readonly kind: 'handle'; readonly answer: Answer }
  /** The real answer under another status or with other headers; `undefined` removes one. */
  | { readonly kind: 'headers'; readonly status?: number; readonly headers: Headers }
  | { readonly kind: 'slow-headers'; readonly ms: number }
  /** Sends `after` bytes (default 1) of the real body, waits, then sends the rest. */
  | { readonly kind: 'slow-body'; readonly ms: number; readonly after?: number }
  /** Declares the real length, sends `bytes` of it and closes the connection. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** Adds `by` to the Content-Length; a shorter one also cuts the body to fit. */
  | { readonly kind: 'wrong-length'; readonly by: number }
  | { readonly kind: 'flip-byte'; readonly at: number }
  | { readonly kind: 'redirect'; readonly to: string | ((path: string) => string); readonly status?: number }
  /** To itself with a counter, for ever. */
  | { readonly kind: 'redirect-loop' }
  /** Closes the connection without an answer. */
  | { readonly kind: 'reset' }
  /** A body that never ends, of a 200 unless told otherwise. */
  | {
      readonly kind: 'endless'
      readonly chunk: string
      readonly status?: number
      readonly headers?: Headers
      readonly prefix?: string
    }
  /** Asks the registry without the client's token: it answers with its own 401 and challenge, as for an expired one. */
  | { readonly kind: 'drop-authorization' }
  /** Hands the registry another body than the client's, as one that lays documents out in its own way stores it. */
  | { readonly kind: 'rewrite'; readonly body: (sent: string) => string }
  /** Lets the request take effect, then closes the connection, so that the client does not learn of it. */
  | { readonly kind: 'lose-answer' }
  /** Whatever the test wants, before the request goes on as usual. */
  | { readonly kind: 'run'; readonly run: () => void | Promise<void> }

type Headers = Readonly<Record<string, string | string[] | undefined>>

export interface Rule {
  readonly method?: string
  /** A substring of path and query, or a pattern. */
  readonly path?: string | RegExp
  /** Which of the matching requests, from 1: one number, or the first and the last. Default: all. */
  readonly nth?: number | readonly [number, number]
  readonly fault: Fault
}

export interface FaultProxy extends HttpServer {
  /** Adds a rule; the first that matches wins. Returns a function that removes it. */
  on(rule: Rule): () => void
  clear(): void
  /** How many requests matched. */
  count(method: string, path: string | RegExp): number
}

/** 429 with a `Retry-After` of seconds, or whatever text is given. */
export function rateLimited(retryAfter: number | string): Fault {
  const body = '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}'
  return {
    kind: 'answer',
    status: 429,
    headers: { 'retry-after': String(retryAfter), 'content-type': 'application/json' },
    body,
  }
}

export function htmlPage(status = 200): Fault {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'text/html' },
    body: '<html><script>alert(1)</script>Sign in</html>',
  }
}

/** DELETE of a tag deletes the manifest that it points at, as early zot did; of an absent tag it's a 404. */
export function takingSiblings(upstream: string): Fault {
  return {
    kind: 'handle',
    async answer({ url = '' }, response) {
      const [, name = '', tag = ''] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url) ?? []
      const digest = await digestOfTag(upstream, name, tag)
      if (!digest) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
      const { status } = await fetch(`${upstream}/v2/${name}/manifests/${digest}`, { method: 'DELETE' })
      response.writeHead(status).end()
    },
  }
}

/** A scripted reverse proxy between a client and the real registry at `upstream` (plain http). */
export async function startFaultProxy(
  upstream: string,
  {
    rules: initial = [],
    ...options
  }: { rules?: readonly Rule[]; tls?: { cert: string; key: string }; address?: string } = {},
): Promise<FaultProxy> {
  let rules = initial.map((rule) => ({ rule, seen: 0 }))
  const server = await startHttpServer(async (request, response, body) => {
    const fault = rules.find((entry) => applies(entry, request))?.rule.fault
    if (fault?.kind === 'run') await fault.run()
    if (fault && (await answerAlone(fault, request, response, body))) return
    const sent = fault?.kind === 'rewrite' ? Buffer.from(fault.body(body.toString())) : body
    await pass(upstream, request, response, sent, fault)
  }, options)
  return {
    ...server,
    on(rule) {
      const entry = { rule, seen: 0 }
      rules.push(entry)
      return () => {
        rules = rules.filter((other) => other !== entry)
      }
    },
    clear() {
      rules = []
    },
    count: (method, path) =>
      server.requests.filter((seen) => seen.method === method && matches(path, seen.path)).length,
  }
}

function applies(entry: { rule: Rule; seen: number }, request: IncomingMessage): boolean {
  const { method, path, nth } = entry.rule
  if (method && method !== request.method) return false
  if (path !== undefined && !matches(path, request.url ?? '')) return false
  entry.seen += 1
  const [first, last] = typeof nth === 'number' ? [nth, nth] : (nth ?? [1, Number.POSITIVE_INFINITY])
  return entry.seen >= first && entry.seen <= last
}

function matches(path: string | RegExp, url: string): boolean {
  return typeof path === 'string' ? url.includes(path) : path.test(url)
}

/** True when the fault needed no registry. */
async function answerAlone(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<boolean> {
  const path = request.url ?? '/'
  switch (fault.kind) {
    case 'answer':
      response.writeHead(fault.status, defined(fault.headers)).end(request.method === 'HEAD' ? undefined : fault.body)
      return true
    case 'handle':
      await fault.answer(request, response, body)
      return true
    case 'redirect': {
      const location = typeof fault.to === 'string' ? fault.to : fault.to(path)
      response.writeHead(fault.status ?? 307, { location }).end()
      return true
    }
    case 'redirect-loop': {
      const turn = Number(new URL(path, 'http://proxy').searchParams.get('turn') ?? 0) + 1
      response.writeHead(307, { location: `${path.split('?', 1)[0]}?turn=${turn}` }).end()
      return true
    }
    case 'reset':
      request.socket.resetAndDestroy()
      return true
    case 'endless':
      response.writeHead(fault.status ?? 200, defined(fault.headers))
      if (fault.prefix) response.write(fault.prefix)
      while (!response.destroyed) {
        if (!response.write(fault.chunk))
          await Promise.race([drained(response), sleep(1_000, undefined, { ref: false })])
      }
      return true
    case 'slow-headers':
      await sleep(fault.ms, undefined, { ref: false })
      return false
    default:
      return false
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

async function pass(
  upstream: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  fault?: Fault,
): Promise<void> {
  const answer = await ask(upstream, request, body, fault?.kind === 'drop-authorization')
  const headers: Record<string, string | string[] | undefined> = { ...answer.headers }
  delete headers.connection
  delete headers['keep-alive']
  delete headers['transfer-encoding']
  const status = answer.statusCode ?? 502
  // Small and damaged answers are buffered; big intact ones pass through as a stream.
  if (!fault || fault.kind === 'drop-authorization' || fault.kind === 'run' || fault.kind === 'slow-headers') {
    response.writeHead(status, defined(headers))
    answer.pipe(response)
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk)
  await damage(fault, request, response, status, headers, Buffer.concat(chunks))
}

async function damage(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Headers,
  body: Buffer,
): Promise<void> {
  switch (fault.kind) {
    case 'headers':
      response.writeHead(fault.status ?? status, defined({ ...headers, ...fault.headers })).end(body)
      return
    case 'slow-body': {
      response.writeHead(status, defined(headers))
      response.write(body.subarray(0, fault.after ?? 1))
      await sleep(fault.ms, undefined, { ref: false })
      response.end(body.subarray(fault.after ?? 1))
      return
    }
    case 'truncate':
      response.writeHead(status, defined(headers))
      response.write(body.subarray(0, fault.bytes), () => request.socket.destroySoon())
      return
    case 'wrong-length': {
      const length = body.length + fault.by
      response.strictContentLength = false
      response.writeHead(status, defined({ ...headers, 'content-length': String(length) }))
      response.write(body.subarray(0, Math.max(0, length)), () => request.socket.destroySoon())
      return
    }
    case 'flip-byte': {
      const copy = Buffer.from(body)
      const at = Math.min(fault.at, copy.length - 1)
      copy[at] = (copy[at] ?? 0) ^ 1
      response.writeHead(status, defined(headers)).end(copy)
      return
    }
    case 'lose-answer':
      request.socket.resetAndDestroy()
      return
    default:
      response.writeHead(status, defined(headers)).end(body)
  }
}

function ask(
  upstream: string,
  request: IncomingMessage,
  body: Buffer,
  dropAuthorization: boolean,
): Promise<IncomingMessage> {
  const { authorization, connection: _hop, 'transfer-encoding': _coding, ...rest } = request.headers
  const headers = {
    ...rest,
    // The registry builds its absolute Locations from Host, which thus lead back to the proxy.
    ...(body.length > 0 || rest['content-length'] ? { 'content-length': String(body.length) } : {}),
    ...(authorization && !dropAuthorization && { authorization }),
  }
  return new Promise((resolve, reject) => {
    const call = requestUpstream(
      new URL(request.url ?? '/', upstream),
      { method: request.method, headers, agent: false },
      resolve,
    )
    call.on('error', reject)
    call.end(body)
  })
}

function defined(headers: Headers = {}): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
