/**
 * The policy of a page whose own scripts carry `nonce`. Inline styles are allowed: primitives position themselves with
 * style attributes, and styles can't run code.
 */
export function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  // React's development build shows server stacks by eval; the dev server reloads by a socket.
  const [evalInDevelopment, socketInDevelopment] = isDevelopment ? [" 'unsafe-eval'", ' ws:'] : ['', '']
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evalInDevelopment}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${socketInDevelopment}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}
