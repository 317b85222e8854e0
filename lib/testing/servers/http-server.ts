import { readFile } from 'node:fs/promises'
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'

export interface RecordedRequest {
  readonly method: string
  /** Path and query as received. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** The body as text, its first MiB. */
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

export interface HttpServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly requests: RecordedRequest[]
  /** The paths whose client left before the whole answer was sent. */
  readonly abandoned: string[]
  stop(): Promise<void>
}

const RECORDED_BODY = 1 << 20

export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void | Promise<void>

/** An HTTP server on a free port of 127.0.0.1 that records every request before it answers. */
export async function startHttpServer(
  answer: Answer,
  { tls, address = '127.0.0.1' }: { tls?: { cert: string; key: string }; address?: string } = {},
): Promise<HttpServer> {
  const requests: RecordedRequest[] = []
  const abandoned: string[] = []
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    request.on('error', () => {})
    response.on('error', () => {})
    response.on('close', () => {
      if (!response.writableFinished) abandoned.push(request.url ?? '')
    })
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      requests.push({
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: body.subarray(0, RECORDED_BODY).toString(),
        at: Date.now(),
      })
      await answer(request, response, body)
    } catch (error) {
      if (!response.headersSent && !response.destroyed) response.writeHead(500).end(String(error))
      else response.destroy()
    }
  }
  const server = tls
    ? createHttpsServer({ cert: await readFile(tls.cert), key: await readFile(tls.key) }, listener)
    : createHttpServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, address, resolve)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0
  const host = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `${tls ? 'https' : 'http'}://${host}`,
    host,
    port,
    requests,
    abandoned,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
