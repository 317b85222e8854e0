import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { cookies } from 'next/headers'
import { NextRequest } from 'next/server'
import NextAuth, { type AuthOptions } from 'next-auth'
import { config } from '../../config/config.ts'
import { safeReturnPath } from '../return-path.ts'
import { OIDC } from './oidc-provider.ts'

/**
 * Sends the browser to the provider. next-auth wants a form with a token for this, but then the page's policy would
 * have to allow forms to lead to every host that the provider redirects to; a plain link needs neither scripts nor that.
 * Another site that links here gains nothing: its visitor signs in as themselves.
 */
export async function startSignIn(request: NextRequest, options: AuthOptions): Promise<Response> {
  const { basePath } = config()
  const csrfToken = randomBytes(32).toString('hex')
  const hash = createHash('sha256').update(`${csrfToken}${options.secret}`).digest('hex')
  const { name, options: cookie } = csrfCookie(options.useSecureCookies === true, basePath)
  ;(await cookies()).set(name, `${csrfToken}|${hash}`, cookie)
  const returnTo = `${basePath}${safeReturnPath(request.nextUrl.searchParams.get('returnTo'))}`
  const form = new NextRequest(new URL(request.nextUrl.pathname, request.url), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, callbackUrl: returnTo }).toString(),
  })
  return NextAuth(form, { params: Promise.resolve({ nextauth: ['signin', OIDC] }) }, options)
}

/** Where next-auth keeps the page to return to while the browser is at the provider. */
export function returnCookie(secure: boolean, basePath: string) {
  const { options } = csrfCookie(secure, basePath)
  return { name: `${secure ? '__Secure-' : ''}lading.return`, options }
}

export function csrfCookie(secure: boolean, basePath: string) {
  return {
    name: `${secure ? '__Secure-' : ''}lading.csrf`,
    options: { httpOnly: true, sameSite: 'lax', path: basePath || '/', secure },
  } as const
}
