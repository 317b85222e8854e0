import 'server-only'
import { cookies, headers } from 'next/headers'
import { getServerSession } from 'next-auth'
import { encode } from 'next-auth/jwt'
import { cache } from 'react'
import { z } from 'zod'
import { config } from '../config/config.ts'
import { type Actor, actorOf } from './actor.ts'
import { authOptions, isSecure, SESSION_LIFETIME, sessionCookie, sessionToken } from './auth-options.ts'
import { clientAddress } from './client-address.ts'
import { isLocalRequest } from './local-request.ts'
import { assertSameOrigin } from './origin.ts'
import { safeReturnPath } from './return-path.ts'
import { explainRefusal, verifyPassword } from './verify-password.ts'

/** Who sends the current request. Whatever is wrong with the session, the answer is an anonymous actor, never an error. */
export const currentActor: () => Promise<Actor> = cache(async () => {
  const sent = await headers()
  return actorOf(config(), await signedInName(sent), isLocalRequest(sent))
})

/** For the audit log and for throttling. */
export async function currentAddress(): Promise<string> {
  return clientAddress(await headers(), config().trustedProxies)
}

/** First statement of every server action. @throws AccessError with code `foreign-origin` */
export async function assertOwnPage(): Promise<void> {
  assertSameOrigin(await headers(), config())
}

export type SignInResult =
  | { readonly outcome: 'signed-in'; readonly returnTo: string }
  | { readonly outcome: 'refused'; readonly message: string }

/**
 * For the sign-in form's action: checks the password and starts the session. Works without JavaScript in the browser.
 * @returns where to redirect to, or what to show. @throws AccessError with code `foreign-origin`
 */
export async function signIn(input: unknown): Promise<SignInResult> {
  const sent = await headers()
  assertSameOrigin(sent, config())
  const form = signInSchema.safeParse(input)
  if (!form.success) return { outcome: 'refused', message: 'Enter a user name and a password.' }
  const { username, password, returnTo } = form.data
  const check = await verifyPassword(config(), { username, password, address: await currentAddress() })
  if (check.outcome !== 'right') return { outcome: 'refused', message: explainRefusal(check) }
  const secret = process.env.NEXTAUTH_SECRET
  if (!secret) throw new Error('The server has no secret to sign sessions with: it was not started as a server.')
  const token = await encode({ token: sessionToken(config(), username), secret, maxAge: SESSION_LIFETIME })
  const { name, options } = sessionCookie(isSecure(sent), config().basePath)
  const jar = await cookies()
  jar.set(name, token, { ...options, maxAge: SESSION_LIFETIME })
  return { outcome: 'signed-in', returnTo: safeReturnPath(returnTo) }
}

/** For the sign-out button's action. @throws AccessError with code `foreign-origin` */
export async function signOut(): Promise<void> {
  const sent = await headers()
  assertSameOrigin(sent, config())
  const { name, options } = sessionCookie(isSecure(sent), config().basePath)
  const jar = await cookies()
  jar.set(name, '', { ...options, maxAge: 0 })
}

const signInSchema = z.strictObject({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(1024),
  returnTo: z.string().max(2048).optional(),
})

async function signedInName(sent: Headers): Promise<string | undefined> {
  try {
    const session = await getServerSession(authOptions(sent))
    return session?.user?.name ?? undefined
  } catch {
    return undefined
  }
}
