import { BlockList, isIP } from 'node:net'

/**
 * Tells for a host and a port whether `NO_PROXY` exempts them from proxies. Its entries, between commas or spaces: host
 * names (with all below them), `.example.com`, addresses, both with `:port` if only that is meant, networks as
 * `10.0.0.0/8`, or `*` (Go, `net/http.ProxyFromEnvironment`).
 */
export function noProxy(list: string): (hostname: string, port: string) => boolean {
  const networks = new BlockList()
  const names: { readonly name: string; readonly port: string | undefined }[] = []
  for (const entry of list.toLowerCase().split(/[\s,]+/)) {
    const [network = '', prefix] = entry.split('/')
    const family = isIP(network)
    const [, name = '', port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? []
    if (family && prefix !== undefined && Number(prefix) <= (family === 6 ? 128 : 32))
      networks.addSubnet(network, Number(prefix), family === 6 ? 'ipv6' : 'ipv4')
    else if (family) names.push({ name: network, port: undefined })
    else if (name) names.push({ name: name.replace(/^\*?\./, ''), port })
  }
  return (hostname, port) => {
    const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
    const family = isIP(host)
    if (family && networks.check(host, family === 6 ? 'ipv6' : 'ipv4')) return true
    return names.some((entry) => {
      if (entry.port !== undefined && entry.port !== port) return false
      return entry.name === '*' || host === entry.name || (!family && host.endsWith(`.${entry.name}`))
    })
  }
}
