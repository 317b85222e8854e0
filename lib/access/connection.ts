import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

const PEER = 'x-lading-peer'
const PROXIED = 'x-lading-proxied'
const RECORDED = 'x-lading-recorded'

/**
 * Records about each connection what Next hides from handlers: the address of its other end, and whether a proxy
 * passed the request on. Both go into headers, over anything that the client sent under their names. Next adds
 * `X-Forwarded-*` itself, so that only here can one see whether they came with the request. When an action redirects, Next requests the page
 * from this server with the headers of the action: what was recorded about the action holds for the page too.
 */
export function recordConnections(): void {
  if (memory.ladingConnections) return
  // No client can know it: it never leaves this process.
  const recorded = randomUUID()
  memory.ladingConnections = recorded
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    if (request.headers[RECORDED] === recorded) return
    const proxied = hasProxyTrace(request)
    request.headers[PEER] = request.socket.remoteAddress ?? 'unknown'
    request.headers[PROXIED] = proxied ? '1' : '0'
    request.headers[RECORDED] = recorded
  })
}

/**
 * Whether the connection of a request was recorded. A request that arrives while the server starts may not be: its
 * headers are then the client's own claims.
 */
export function isRecorded(headers: Headers): boolean {
  return memory.ladingConnections !== undefined && headers.get(RECORDED) === memory.ladingConnections
}

/** The other end of the connection. */
export function peerAddress(headers: Headers): string {
  return withoutMapping((isRecorded(headers) && headers.get(PEER)) || 'unknown')
}

/** Whether anything about the request says that a proxy passed it on. True where that was not recorded. */
export function isProxied(headers: Headers): boolean {
  return !isRecorded(headers) || headers.get(PROXIED) !== '0'
}

/**
 * The client's address, for throttling and the audit log. Entries of X-Forwarded-For count only as far from its end as
 * we have proxies; the client wrote the ones before.
 */
export function clientAddress(headers: Headers, trustedProxies: number): string {
  const peer = peerAddress(headers)
  const forwarded = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  if (trustedProxies === 0) return peer
  return withoutMapping(forwarded.at(-trustedProxies) ?? forwarded[0] ?? peer)
}

/** The unit of addresses for throttling: an IPv6 customer usually has a whole /64. */
export function addressGroup(address: string): string {
  const bare = address.replace(/%.*$/, '')
  if (isIP(bare) !== 6) return address
  const [head = '', tail] = bare.toLowerCase().split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  const missing = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length)
  const groups = [...first, ...Array<string>(missing).fill('0'), ...last].slice(0, 4)
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

const memory = globalThis as { ladingConnections?: string }

/** nginx speaks HTTP/1.0 to its upstream by default; no browser does. */
function hasProxyTrace({ headers, httpVersion }: IncomingMessage): boolean {
  return httpVersion === '1.0' || Object.keys(headers).some((name) => PROXY_HEADER.test(name))
}

const PROXY_HEADER = /^(?:forwarded|x-forwarded-.*|x-real-ip|via)$/

function withoutMapping(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').slice(0, 64)
}
