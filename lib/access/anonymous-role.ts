import type { Config } from '../config/config.ts'
import type { Role } from '../config/grant.ts'
import { isLoopback } from '../config/is-loopback.ts'
import { isProxied, peerAddress } from './connection.ts'

/** The role of a request without signing in. */
export function anonymousRole(config: Config, headers: Headers): Role | 'none' {
  if (!isServedHost(config, headers)) return 'none'
  return config.anonymousOnLoopbackOnly && !isLocalRequest(headers) ? 'none' : config.anonymousRole
}

/** Whether a request comes straight from a program on this machine that asks for this machine. */
export function isLocalRequest(headers: Headers): boolean {
  return isLocalHost(headers.get('host')) && isLoopback(peerAddress(headers)) && !isProxied(headers)
}

/**
 * Guards against DNS rebinding: a page elsewhere can point its own name at 127.0.0.1, and the browser then shows it
 * whatever Lading answers. Where only this machine can connect, anonymous visitors are served under no other name.
 */
function isServedHost({ host, baseUrl }: Config, headers: Headers): boolean {
  const asked = headers.get('host')
  if (!isLoopback(host) || isLocalHost(asked)) return true
  return baseUrl !== undefined && asked?.toLowerCase() === new URL(baseUrl).host
}

function isLocalHost(host: string | null): boolean {
  return host !== null && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i.test(host)
}
