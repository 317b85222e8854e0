import { type NextRequest, NextResponse } from 'next/server'
import { isRecorded } from '@/lib/access/connection'
import { contentSecurityPolicy } from '@/lib/access/content-security-policy'
import { isOwnOrigin } from '@/lib/access/origin'
import { renewSession } from '@/lib/access/sessions/renew-session'
import { config as settings } from '@/lib/config/config'
import { accessProblem } from '@/lib/problem/access-problem'
import { PATH_HEADER } from '@/lib/routes/path-header'

/**
 * Adds the security headers to pages, with a nonce that Next gives to its own scripts, keeps a session alive while it is
 * in use, and answers actions of other sites, to which Next would answer 500. Who may do what is decided by `lib/data`.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  // Next itself answers 500 to a URL whose percent-encoding is broken.
  if (!isDecodable(request.nextUrl.pathname)) return refusal(400, 'Bad request')
  if (!isRecorded(request.headers)) return starting()
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!isRead && !isOwnOrigin(request.headers, settings())) {
    const { title, detail, advice } = accessProblem('foreign-origin', false)
    return refusal(403, `${title}. ${detail} ${advice}`)
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development')
  const headers = new Headers(request.headers)
  if (!isRead) showOrigin(headers)
  headers.set('x-nonce', nonce)
  headers.set(PATH_HEADER, request.nextUrl.pathname + searchOf(request.nextUrl))
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('cache-control', 'private, no-store')
  // A sign-out sets the same cookie, so an action's answer is left alone.
  if (request.method === 'GET') await renewSession(request, response)
  return response
}

function refusal(status: number, text: string): NextResponse {
  return new NextResponse(text, { status, headers: { 'cache-control': 'no-store', 'content-type': 'text/plain' } })
}

/** A request that came before the server knew its connections: its sender is unknown. The next one is known. */
function starting(): NextResponse {
  const headers = { 'retry-after': '1', refresh: '1', 'cache-control': 'no-store', 'content-type': 'text/plain' }
  return new NextResponse('Lading is starting. This page reloads by itself.', { status: 503, headers })
}

/** Without what Next adds when its router fetches a page. */
function searchOf({ searchParams }: URL): string {
  const own = new URLSearchParams(searchParams)
  own.delete('_rsc')
  return own.size > 0 ? `?${own}` : ''
}

/** Next compares Origin with the Host that it sees, which behind a proxy may not be the site's: this one is checked. */
function showOrigin(headers: Headers): void {
  const site = URL.parse(headers.get('origin') ?? '')?.host
  if (site && site !== (headers.get('x-forwarded-host') ?? headers.get('host'))) headers.set('x-forwarded-host', site)
}

function isDecodable(pathname: string): boolean {
  try {
    decodeURIComponent(pathname)
    return true
  } catch {
    return false
  }
}

/** Not for routes under /api: Next would cut uploads at 10 MB if a proxy ran before them. */
export const config = { matcher: '/((?!api/|healthz$|readyz$|metrics$|_next/static/|icon\\.|favicon\\.ico$).*)' }
