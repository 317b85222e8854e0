/**
 * The destination after signing in: a path of this site, or `/`. Browsers read a backslash as a slash and drop tabs and
 * newlines, so that `/\evil.example` and `/<tab>/evil.example` would leave the site.
 * @returns path, query and fragment, without the base path
 */
export function safeReturnPath(text: unknown): string {
  if (typeof text !== 'string' || text.length > 2048 || !text.startsWith('/')) return '/'
  if (/[\\\p{Cc}\p{Zs}]/u.test(text)) return '/'
  const origin = 'http://lading.invalid'
  const url = URL.parse(text, origin)
  if (!url || url.origin !== origin || url.pathname.startsWith('//')) return '/'
  if (/^\/(?:sign-in|api)(?:\/|$)/.test(url.pathname)) return '/'
  return `${url.pathname}${url.search}${url.hash}`
}
