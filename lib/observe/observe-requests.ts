import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config/config.ts'
import { processWide } from '../config/process-wide.ts'
import { log } from './log.ts'
import { metrics } from './metrics.ts'
import { beginRequest } from './request-id.ts'
import { routeName } from './route-name.ts'

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Gives every request an id, and counts and logs it when it has ended. */
export function observeRequests({ basePath, trustedProxies }: Config): void {
  if (isObserving()) return
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as Exchange
    const id = beginRequest(request, response, trustedProxies)
    const started = performance.now()
    const { method = '', url = '' } = request
    metrics().underWay.inc()
    response.once('close', () => {
      const seconds = (performance.now() - started) / 1000
      const status = response.headersSent ? response.statusCode : 499
      const labels = { method: METHODS.has(method) ? method : 'other', route: routeName(url, basePath), status }
      metrics().underWay.dec()
      metrics().requests.observe(labels, seconds)
      const fields = { request: id, method, path: url.slice(0, 2048), status, ms: Math.round(seconds * 1000) }
      if (status >= 500) log().error(fields, 'request failed')
      else log().debug(fields, 'request')
    })
  })
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'])

/** The first call answers false, all others true. */
function isObserving(): boolean {
  const state = processWide('observe-requests', () => ({ on: false }))
  const was = state.on
  state.on = true
  return was
}
