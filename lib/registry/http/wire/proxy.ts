import { request as askHttp, type ClientRequest } from 'node:http'
import { request as askHttps } from 'node:https'
import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import { RegistryError } from '../../errors.ts'
import { isLoopback } from './endpoint.ts'
import { noProxy } from './no-proxy.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Connects as command-line clients do: to https hosts through the proxy that `HTTPS_PROXY` names, unless `NO_PROXY` or
 * a loopback address exempts them (Go, `net/http.ProxyFromEnvironment`). The proxy passes on bytes that are encrypted
 * for the host; its own user and password go to no other host. Undefined where no proxy is named.
 * @param options for the connection to the host itself, TLS included; `timeout` in milliseconds holds for both steps
 */
export function proxyConnector(
  options: buildConnector.BuildOptions & { readonly timeout: number },
  environment: Environment = process.env,
): buildConnector.connector | undefined {
  const proxy = environment.https_proxy || environment.HTTPS_PROXY
  if (!proxy) return undefined
  const connect = buildConnector(options)
  const isExempt = noProxy(environment.no_proxy || environment.NO_PROXY || '')
  return (target, callback) => {
    const { protocol, hostname, port } = target
    if (protocol !== 'https:' || isLoopback(hostname) || isExempt(hostname, port || '443'))
      return connect(target, callback)
    tunnel(proxy, `${hostname}:${port || '443'}`, options.timeout).then(
      (httpSocket) => connect({ ...target, httpSocket }, callback),
      (error: Error) => callback(error, null),
    )
  }
}

/** CONNECT (RFC 9110, 9.3.6). @throws RegistryError `invalid` for a proxy that isn't an http(s) URL, `unreachable`, `timeout` */
function tunnel(proxy: string, authority: string, timeout: number): Promise<Socket> {
  const url = URL.parse(proxy.includes('://') ? proxy : `http://${proxy}`)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return Promise.reject(new RegistryError('invalid', 'HTTPS_PROXY looks like http://proxy.example.com:3128'))
  const host = authority.replace(/:443$/, '')
  const failed = (kind: 'unreachable' | 'timeout', why: string, cause?: unknown) =>
    new RegistryError(kind, `can’t reach ${host} through the proxy ${url.host}: ${why}`, { host }, { cause })
  return new Promise((resolve, reject) => {
    const asked = ask(url, authority)
    const timer = setTimeout(() => asked.destroy(failed('timeout', 'it doesn’t answer in time')), timeout)
    asked.on('connect', ({ statusCode = 0 }, socket: Socket, head: Buffer) => {
      clearTimeout(timer)
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy()
        const why = statusCode === 407 ? 'it requires a user name and a password' : `it answered ${statusCode}`
        return reject(failed('unreachable', why))
      }
      if (head.length > 0) socket.unshift(head)
      resolve(socket)
    })
    asked.on('error', (error) => {
      clearTimeout(timer)
      reject(error instanceof RegistryError ? error : failed('unreachable', error.message, error))
    })
    asked.end()
  })
}

function ask(proxy: URL, authority: string): ClientRequest {
  const { protocol, hostname, port, username, password } = proxy
  const secret = Buffer.from(`${unescaped(username)}:${unescaped(password)}`).toString('base64')
  return (protocol === 'https:' ? askHttps : askHttp)({
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...(username && { 'proxy-authorization': `Basic ${secret}` }) },
    agent: false,
  })
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
