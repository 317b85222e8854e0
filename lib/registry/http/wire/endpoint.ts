import { RegistryError } from '../../errors.ts'

/** A registry's address, parsed once so that requests join strings instead of parsing URLs. */
export interface Endpoint {
  /** `https://registry.example.com:5000`. The credentials belong to this and to nothing else. */
  readonly origin: string
  /** Path before `/v2/`, without a slash at its end; `''` for none. */
  readonly prefix: string
  /** Host and port as in a Host header. */
  readonly host: string
  readonly hostname: string
  readonly secure: boolean
  readonly loopback: boolean
}

/** Names that pull commands use, and the hosts that answer for them. */
const ALIASES: Readonly<Record<string, string>> = {
  'docker.io': 'registry-1.docker.io',
  'index.docker.io': 'registry-1.docker.io',
}

/** @throws RegistryError `invalid` for anything but an http(s) URL, and for a user or password with broken escapes */
export function parseEndpoint(text: string): Endpoint & { readonly userinfo?: { username: string; password: string } } {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new RegistryError('invalid', 'a registry URL looks like https://registry.example.com:5000')
  const userinfo = url.username ? { username: unescaped(url.username), password: unescaped(url.password) } : undefined
  url.hostname = ALIASES[url.hostname] ?? url.hostname
  return {
    origin: url.origin,
    prefix: url.pathname.replace(/\/+$/, '').replace(/\/v2$/, ''),
    host: url.host,
    hostname: url.hostname,
    secure: url.protocol === 'https:',
    loopback: isLoopback(url.hostname),
    ...(userinfo && { userinfo }),
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Without a cause: it might quote the password.
    throw new RegistryError('invalid', 'in the user and password of a registry URL, % is written %25')
  }
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** Addresses where cloud machines serve their own secrets, and "this host": no honest registry redirects there. */
export function isLinkLocal(hostname: string): boolean {
  return (
    /^169\.254\./.test(hostname) ||
    /^\[fe[89ab]/i.test(hostname) ||
    /^\[::ffff:(?:a9fe|7f|0:0\])/i.test(hostname) ||
    hostname === '0.0.0.0' ||
    hostname === '[::]'
  )
}
