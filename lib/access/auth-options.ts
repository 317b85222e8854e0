import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { type Config, config } from '../config/config.ts'
import { clientAddress } from './client-address.ts'
import { verifyPassword } from './verify-password.ts'

/** Seconds. What a user may do is read anew on each request; this only limits how long a stolen cookie is of use. */
export const SESSION_LIFETIME = 7 * 24 * 3600

/** next-auth's settings for one request: whether cookies are for TLS only depends on how it came. */
export function authOptions(headers: Headers): AuthOptions {
  const { basePath } = config()
  const secure = isSecure(headers)
  return {
    secret: process.env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_LIFETIME },
    useSecureCookies: secure,
    cookies: { sessionToken: sessionCookie(secure, basePath) },
    pages: { signIn: `${basePath}/sign-in`, signOut: `${basePath}/sign-in`, error: `${basePath}/sign-in` },
    providers: [
      Credentials({
        credentials: { username: {}, password: {} },
        authorize: async (given) => {
          const { username = '', password = '' } = given ?? {}
          const address = clientAddress(headers, config().trustedProxies)
          const check = await verifyPassword(config(), {
            username: String(username),
            password: String(password),
            address,
          })
          // The text becomes the `error` of the sign-in page's address.
          if (check.outcome === 'throttled') throw new Error('TooManyAttempts')
          return check.outcome === 'right' ? { id: check.user.username, name: check.user.username } : null
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user?.name ? sessionToken(config(), user.name) : token),
      session: ({ session, token }) => ({
        expires: session.expires,
        ...(isValid(token) && { user: { name: token.name } }),
      }),
      redirect: ({ url, baseUrl }) => (URL.parse(url, baseUrl)?.origin === baseUrl ? url : `${baseUrl}${basePath}`),
    },
    // A cookie from before the secret changed is no error: it counts as signed out. Details could hold what users typed.
    logger: {
      error: (code) => code !== 'JWT_SESSION_ERROR' && console.error(`next-auth: ${code}`),
      warn: () => {},
      debug: () => {},
    },
  }
}

export function sessionCookie(secure: boolean, basePath: string) {
  return {
    name: `${secure ? '__Secure-' : ''}lading.session`,
    options: { httpOnly: true, sameSite: 'lax', path: basePath || '/', secure },
  } as const
}

export function isSecure(headers: Headers): boolean {
  const { baseUrl } = config()
  return baseUrl ? baseUrl.startsWith('https:') : (headers.get('x-forwarded-proto') ?? '').startsWith('https')
}

/** What a session holds: the user, and a trace of the password, so that changing it ends the sessions it began. */
export function sessionToken(settings: Config, username: string) {
  const user = settings.users.find((candidate) => candidate.username === username)
  return {
    name: username,
    password: createHash('sha256')
      .update(user?.passwordHash ?? '')
      .digest('base64url')
      .slice(0, 22),
  }
}

function isValid(token: { readonly name?: string | null; readonly password?: unknown }): boolean {
  const settings = config()
  if (!token.name || typeof token.password !== 'string') return false
  if (!settings.users.some(({ username }) => username === token.name)) return false
  const wanted = Buffer.from(sessionToken(settings, token.name).password)
  const given = Buffer.from(token.password)
  return wanted.length === given.length && timingSafeEqual(wanted, given)
}
