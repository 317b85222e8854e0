import 'server-only'
import type { Account, AuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { config } from '../../config/config.ts'
import { tellAccessEvent } from '../access-events.ts'
import { admit } from '../admit.ts'
import { clientAddress } from '../connection.ts'
import { listSession } from '../sessions/list-session.ts'
import { endSessionsOf, noteSeen } from '../sessions/session-rows.ts'
import { beginSession, renewedSession, validSession } from '../sessions/session-token.ts'
import { signOuts } from '../sessions/the-sign-outs.ts'
import { OIDC, oidcProvider } from './oidc-provider.ts'
import type { ProviderTokens } from './provider-tokens.ts'
import { csrfCookie, returnCookie } from './start-sign-in.ts'
import { verifyPassword } from './verify-password.ts'

/** next-auth's settings for one request: whether its cookies need TLS depends on how the request arrived. */
export function authOptions(headers: Headers): AuthOptions {
  const { basePath, session, oidc } = config()
  const secure = isSecure(headers)
  return {
    secret: process.env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: Math.ceil(session.idle / 1000) },
    useSecureCookies: secure,
    cookies: {
      sessionToken: sessionCookie(secure, basePath),
      csrfToken: csrfCookie(secure, basePath),
      callbackUrl: returnCookie(secure, basePath),
    },
    pages: { signIn: `${basePath}/sign-in`, signOut: `${basePath}/sign-in`, error: `${basePath}/sign-in` },
    providers: [
      ...(oidc ? [oidcProvider(oidc)] : []),
      Credentials({
        credentials: { username: {}, password: {} },
        authorize: async (given) => {
          const { username = '', password = '' } = given ?? {}
          const address = addressOf(headers)
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
      signIn: ({ account, profile }) =>
        account?.provider === OIDC && oidc ? admit(config(), oidc, profile, addressOf(headers)) : true,
      jwt: async ({ token, user, account }) => {
        if (user?.name) {
          const began = await beginSession(config(), user.name)
          const way = account?.provider === OIDC && oidc ? oidc.name : 'password'
          await listSession(began, headers, way, account?.provider === OIDC ? tokensOf(account) : undefined)
          return { ...began }
        }
        const valid = await validSession(config(), token)
        // next-auth treats this like an unreadable cookie, and removes it.
        if (!valid) throw new Error('the session has ended')
        const renewed = renewedSession(valid)
        if (renewed) await noteSeen(renewed.id, renewed.seen)
        return { ...(renewed ?? valid) }
      },
      session: ({ session, token }) => ({ expires: session.expires, user: { name: token.name ?? null } }),
      redirect: ({ url, baseUrl }) => {
        // Resolved here: `http:host` is a path for one parser and another host for the next.
        const target = URL.parse(url, baseUrl)
        return target?.origin === baseUrl ? target.href : `${baseUrl}${basePath}`
      },
    },
    events: {
      async signOut({ token }) {
        if (!token?.name) return
        await signOuts().record(token.name)
        await endSessionsOf(token.name)
        await tellAccessEvent({ kind: 'sign-out', username: token.name, address: addressOf(headers), by: 'request' })
      },
    },
    // A cookie from before the secret changed counts as signed out, not as an error. Details could hold what users typed.
    logger: {
      error: (code) => code !== 'JWT_SESSION_ERROR' && console.error(`next-auth: ${code}`),
      warn: () => {},
      debug: () => {},
    },
  }
}

function tokensOf({ access_token, refresh_token, expires_at }: Account): ProviderTokens | undefined {
  if (access_token === undefined) return undefined
  const expiresAt = typeof expires_at === 'number' ? { expiresAt: expires_at * 1000 } : {}
  return {
    accessToken: access_token,
    ...(refresh_token !== undefined && { refreshToken: refresh_token }),
    ...expiresAt,
  }
}

function addressOf(headers: Headers): string {
  return clientAddress(headers, config().trustedProxies)
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
