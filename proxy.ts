import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy } from '@/lib/access/content-security-policy'
import { PATH_HEADER } from '@/lib/routes/path-header'

/** Puts the security headers on pages, with a nonce that Next gives to its own scripts. Decides nothing: `lib/data` does. */
export function proxy(request: NextRequest): NextResponse {
  // Next itself answers 500 to an address whose percent-encoding is broken.
  if (!isDecodable(request.nextUrl.pathname)) return new NextResponse('Bad request', { status: 400 })
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development')
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set(PATH_HEADER, request.nextUrl.pathname)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('cache-control', 'private, no-store')
  return response
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname)
    return true
  } catch {
    return false
  }
}

/** Not for routes under api: with a proxy before them, Next would cut what is uploaded to them at 10 MB. */
export const config = { matcher: '/((?!api/|_next/static/|icon\\.|favicon\\.ico$).*)' }
