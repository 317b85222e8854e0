import { RegistryError } from '../../errors.ts'
import { type Endpoint, isLinkLocal, isLoopback } from './endpoint.ts'

export const MAX_REDIRECTS = 10

export interface Address {
  readonly origin: string
  /** Path with its query. */
  readonly path: string
}

export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/**
 * The target of a redirect, if it may be followed: never from https to http, never to an address that only this machine
 * or its cloud can reach (unless the registry is there itself), and a change of content stays on its origin.
 * @throws RegistryError `unsafe-redirect`, `malformed`
 */
export function redirectTarget(endpoint: Endpoint, from: Address, location: string, method: string): Address {
  const url = parse(endpoint, from, location)
  const crosses = url.origin !== endpoint.origin
  if (crosses && method !== 'GET' && method !== 'HEAD') throw unsafe(endpoint, url, `a ${method} must stay on its host`)
  if (from.origin.startsWith('https:') && url.protocol === 'http:')
    throw unsafe(endpoint, url, 'it downgrades from https to http')
  if (crosses && url.hostname !== endpoint.hostname) {
    if (isLinkLocal(url.hostname)) throw unsafe(endpoint, url, 'it’s a link-local address')
    if (isLoopback(url.hostname) && !endpoint.loopback) throw unsafe(endpoint, url, 'it’s a loopback address')
  }
  return { origin: url.origin, path: url.pathname + url.search }
}

/**
 * An address on the registry's own origin, for the `Location` of an upload. Behind a proxy that ends TLS
 * some registries write `http://` for themselves: the same host and port is then asked over https.
 * @throws RegistryError `unsafe-redirect`, `malformed`
 */
export function sameOrigin(endpoint: Endpoint, from: Address, location: string): Address {
  const url = parse(endpoint, from, location)
  const behindProxy = endpoint.secure && url.protocol === 'http:' && url.host === endpoint.host
  if (url.origin !== endpoint.origin && !behindProxy) throw unsafe(endpoint, url, 'an upload must stay on its host')
  return onOwnOrigin(endpoint, from, location)
}

/**
 * What an address names on the registry's own origin, whatever host it gives: behind a proxy some registries name one in
 * their `Link` that only they know themselves. @throws RegistryError `malformed`
 */
export function onOwnOrigin(endpoint: Endpoint, from: Address, location: string): Address {
  const { pathname, search } = parse(endpoint, from, location)
  const unprefixed = endpoint.prefix !== '' && pathname.startsWith('/v2/')
  return { origin: endpoint.origin, path: (unprefixed ? endpoint.prefix : '') + pathname + search }
}

function parse(endpoint: Endpoint, from: Address, location: string): URL {
  const url = location.length <= 16_384 ? URL.parse(location, from.origin + from.path) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new RegistryError('malformed', `${endpoint.host} sent an address that isn’t an http URL`, {
      host: endpoint.host,
    })
  return url
}

function unsafe(endpoint: Endpoint, url: URL, why: string): RegistryError {
  // Only the origin is named: the query of a signed address is a secret.
  const message = `${endpoint.host} redirected to ${url.origin}, which is refused: ${why}`
  return new RegistryError('unsafe-redirect', message, { host: endpoint.host })
}

export function tooManyRedirects(endpoint: Endpoint): RegistryError {
  const message = `${endpoint.host} redirected more than ${MAX_REDIRECTS} times, or redirected a stream that can’t be sent twice`
  return new RegistryError('unsafe-redirect', message, { host: endpoint.host })
}
