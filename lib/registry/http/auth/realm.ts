import { RegistryError } from '../../errors.ts'
import { type Endpoint, isLinkLocal, isLoopback } from '../wire/endpoint.ts'
import type { Address } from '../wire/redirect.ts'

/**
 * The address at which a registry's challenge asks us to log in, if that's allowed. Who answers a challenge hands over
 * credentials (CVE-2020-15157), so a realm is on the registry's own host, or one of `tokenHosts`, or, where TLS vouches
 * for the challenge, anywhere else by https. Over plain http anyone on the way could have named it.
 * @throws RegistryError `unsafe-redirect`, `malformed`
 */
export function realmAddress(endpoint: Endpoint, realm: string, tokenHosts: readonly string[]): Address {
  const { origin, hostname, host, loopback, secure } = endpoint
  const url = URL.parse(realm, `${origin}/`)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new RegistryError('malformed', `${host} names a token server whose address isn’t an http URL`, { host })
  const address = { origin: url.origin, path: url.pathname + url.search }
  if (tokenHosts.includes(url.host) || tokenHosts.includes(url.hostname)) return address
  const sameHost =
    url.host === host || (url.hostname === hostname && (url.protocol === 'https:' || (loopback && !secure)))
  if (url.protocol === 'http:' && (secure || !sameHost)) throw refuse(host, url, 'it isn’t https')
  if (sameHost) return address
  if (isLinkLocal(url.hostname) || isLoopback(url.hostname))
    throw refuse(host, url, 'it is a local address on another host')
  if (!secure)
    throw refuse(host, url, 'the registry itself isn’t https, so anyone on the network could have asked for it')
  return address
}

function refuse(host: string, url: URL, why: string): RegistryError {
  const advice = 'if it’s the right one, name it as a token host in the configuration'
  const message = `${host} asks to log in at ${url.origin}, which is refused: ${why}; ${advice}`
  return new RegistryError('unsafe-redirect', message, { host })
}
