import { subscribe } from 'node:diagnostics_channel'
import type { Server, ServerResponse } from 'node:http'
import { processWide } from '../config/process-wide.ts'
import { stopping } from '../config/stopping.ts'

interface Exchange {
  readonly response: ServerResponse
  readonly server: Server
}

/**
 * Closes each connection with its next answer once this process is to stop. A balancer keeps connections open, and
 * would go on sending requests on them.
 */
export function closeAfterLastAnswers(): void {
  const state = processWide('last-answers', () => ({ on: false }))
  if (state.on) return
  state.on = true
  subscribe('http.server.request.start', (message) => {
    if (stopping().aborted) (message as Exchange).response.shouldKeepAlive = false
  })
  // Its headers may have been sent before.
  subscribe('http.server.response.finish', (message) => {
    if (stopping().aborted) setImmediate(() => (message as Exchange).server.closeIdleConnections())
  })
}
