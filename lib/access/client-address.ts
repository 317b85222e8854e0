import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

const HEADER = 'x-lading-peer'

/**
 * Writes the address of the connection's other end into a header of every request, over whatever the client put there.
 * Next shows handlers no socket, and lets clients choose their own X-Forwarded-For.
 */
export function installClientAddress(): void {
  if (memory.ladingPeers) return
  memory.ladingPeers = true
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    request.headers[HEADER] = request.socket.remoteAddress ?? 'unknown'
  })
}

/**
 * Who is asking, for throttling and the audit log. Entries of X-Forwarded-For count only as far from its end as there
 * are proxies of ours; what stands before them was sent by the client.
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  const peer = headers.get(HEADER) ?? 'unknown'
  const forwarded = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (trustedProxies === 0) return bounded(peer)
  return bounded(forwarded.at(-trustedProxies) ?? forwarded[0] ?? peer)
}

const memory = globalThis as { ladingPeers?: boolean }

function bounded(address: string): string {
  return address.replace(/^::ffff:/i, '').slice(0, 64)
}
