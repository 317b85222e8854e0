import { AccessError } from './access-error.ts'

export interface Site {
  /** As in the configuration; without it the request's own Host is the site. */
  readonly baseUrl?: string
}

/** Whether a request comes from a page of this site, as far as its Origin says so. */
export function isOwnOrigin(headers: Headers, site: Site): boolean {
  const origin = headers.get('origin')
  return origin !== null && isSameOrigin(origin, headers, site)
}

/**
 * Refuses requests that don't come from a page of this site. Call it before every change: browsers send Origin with each
 * of them, so a missing Origin is refused like a foreign one, or like the `null` of a sandboxed frame.
 * @throws AccessError with code `foreign-origin`
 */
export function assertSameOrigin(headers: Headers, site: Site): void {
  if (!isOwnOrigin(headers, site)) throw new AccessError('foreign-origin')
}

function isSameOrigin(origin: string, headers: Headers, site: Site): boolean {
  const from = URL.parse(origin)
  if (!from || !/^https?:$/.test(from.protocol) || from.origin !== origin.toLowerCase()) return false
  if (site.baseUrl !== undefined) return from.origin === new URL(site.baseUrl).origin
  // Another site can't choose these two. The scheme is left open: a proxy may terminate TLS.
  const host = (headers.get('x-forwarded-host') ?? headers.get('host') ?? '').toLowerCase()
  return host !== '' && (from.host === host || URL.parse(`${from.protocol}//${host}`)?.host === from.host)
}
