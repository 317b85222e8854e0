import { lookup as lookUp } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { RegistryError } from '../../errors.ts'
import type { Endpoint } from './endpoint.ts'
import { proxyConnector } from './proxy.ts'
import { type Zone, zoneOf } from './zone.ts'

export interface GuardOptions {
  readonly endpoint: Pick<Endpoint, 'host' | 'hostname'>
  /** Hosts (`storage.example.com`, also with `:port`) that the configuration names: they may be anywhere. */
  readonly trustedHosts: readonly string[]
  readonly lookup?: LookupFunction
}

/**
 * Connects anywhere for the registry's own host. Another one, which the registry sent us to, may not be at an internal
 * address: it could read for the registry what only we can reach (SSRF). The address that the connection is made to
 * decides, whatever the name says; allowed are public ones and the registry's own kind. Behind a proxy (`HTTPS_PROXY`)
 * names are resolved there, and it is the proxy's to refuse.
 */
export function guardedConnector(
  options: buildConnector.BuildOptions & { readonly timeout: number },
  { endpoint, trustedHosts, lookup = lookUp as LookupFunction }: GuardOptions,
): buildConnector.connector {
  /** The resolved address of the registry itself. */
  const home = new Set<Zone>(['public'])
  const guarded: LookupFunction = (hostname, asked, callback) =>
    lookup(hostname, asked, (error, address, family) => {
      if (error) return callback(error, address, family)
      if (typeof address === 'string') {
        if (home.has(zoneOf(address))) return callback(null, address, family)
        return callback(refuse(endpoint.host, hostname, zoneOf(address)), '', family)
      }
      const allowed = address.filter((each) => home.has(zoneOf(each.address)))
      if (allowed.length > 0 || address.length === 0) return callback(null, allowed, family)
      callback(refuse(endpoint.host, hostname, zoneOf(address[0]?.address ?? '')), '', family)
    })
  const build = (extra: buildConnector.BuildOptions) => {
    const all = { ...options, ...extra }
    return proxyConnector(all) ?? buildConnector(all)
  }
  const [own, foreign] = [build({ lookup }), build({ lookup: guarded })]
  return (target, callback) => {
    const { port } = target
    // undici gives an IPv6 address without its brackets, a URL with them.
    const address = target.hostname.replace(/^\[|\]$/g, '')
    const hostname = address.includes(':') ? `[${address}]` : address
    const isNamed = trustedHosts.some((host) => host === hostname || host === `${hostname}:${port}`)
    if (isNamed) return own(target, callback)
    if (hostname === endpoint.hostname)
      return own(target, (...result) => {
        const [error, socket] = result
        if (!error && socket.remoteAddress) home.add(zoneOf(socket.remoteAddress))
        callback(...result)
      })
    // Addresses need no look-up.
    if (isIP(address) && !home.has(zoneOf(address)))
      return callback(refuse(endpoint.host, hostname, zoneOf(address)), null)
    return foreign(target, callback)
  }
}

function refuse(registry: string, hostname: string, zone: Zone): RegistryError {
  const message = `${registry} redirected to ${hostname}, which is refused: it’s at a ${zone} address, unlike the registry`
  return new RegistryError('unsafe-redirect', message, { host: registry })
}
