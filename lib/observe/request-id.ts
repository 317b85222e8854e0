import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { processWide } from '../config/process-wide.ts'

/** Ties the lines of a log to their request. The proxy's own id is kept where we have a proxy. */
export function beginRequest(request: IncomingMessage, response: ServerResponse, trustedProxies: number): string {
  const given = trustedProxies > 0 ? request.headers[HEADER] : undefined
  const id = typeof given === 'string' && /^[\w.:-]{8,128}$/.test(given) ? given : randomUUID()
  request.headers[HEADER] = id
  response.setHeader(HEADER, id)
  storage().enterWith(id)
  return id
}

export function currentRequestId(): string | undefined {
  return storage().getStore()
}

const HEADER = 'x-request-id'

function storage(): AsyncLocalStorage<string> {
  return processWide('request-id', () => new AsyncLocalStorage<string>())
}
