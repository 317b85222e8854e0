import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { processWide } from '../config/process-wide.ts'

/** Milliseconds without a byte after which an upload or a download counts as dead. */
const IDLE = 60_000

/**
 * Limits how long a connection may stand still, not how long a transfer may take: Node ends uploads after 300 seconds
 * by default, and waits for ever for a reader that takes nothing.
 */
export function limitConnections(idle = IDLE): void {
  const state = processWide('connection-limits', () => ({ on: false }))
  if (state.on) return
  state.on = true
  subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as {
      request: IncomingMessage
      response: ServerResponse
      server: Server
    }
    // Headers keep their own limit, `headersTimeout`.
    server.requestTimeout = 0
    response.setTimeout(idle, () => {
      if (isStalled(request, response)) request.socket.destroy()
      // The timer of a socket fires once: without this, only the first pause would be looked at.
      else request.socket.setTimeout(idle)
    })
  })
}

/** Whether the client is the one that others wait for. A slow registry is not its fault. */
function isStalled(request: IncomingMessage, response: ServerResponse): boolean {
  const doesNotSend = !request.complete && request.readableLength === 0
  const doesNotRead = response.writableLength > 0 || request.socket.writableLength > 0
  return doesNotSend || doesNotRead
}
