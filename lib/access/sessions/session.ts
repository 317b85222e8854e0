import 'server-only'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { z } from 'zod'
import { config } from '../../config/config.ts'
import { type Actor, actorOf } from '../actor.ts'
import { anonymousRole } from '../anonymous-role.ts'
import { addressGroup, clientAddress } from '../connection.ts'
import { assertSameOrigin } from '../origin.ts'
import { safeReturnPath } from '../return-path.ts'
import { isSecure, sessionCookie } from '../sign-in/auth-options.ts'
import { DEVICE_LIFETIME, deviceOf, issueDevice } from '../sign-in/device-cookie.ts'
import { findUser } from '../sign-in/find-user.ts'
import { explainRefusal, verifyPassword } from '../sign-in/verify-password.ts'
import { beginSession, cookieAge, decodeSession, encodeSession, validSession } from './session-token.ts'
import { signOuts } from './the-sign-outs.ts'

/** Who sends the current request. If anything is wrong with the session, an anonymous actor; never an error. */
export const currentActor: () => Promise<Actor> = cache(async () => {
  const sent = await headers()
  const name = await signedInName()
  const user = name === undefined ? undefined : await findUser(config(), name)
  return actorOf(config(), user, anonymousRole(config(), sent))
})

/** For the audit log and for throttling. */
export async function currentAddress(): Promise<string> {
  return clientAddress(await headers(), config().trustedProxies)
}

/** The person that quotas count for: the user, or everyone at the same address who hasn't signed in. */
export async function currentPerson(): Promise<string> {
  const actor = await currentActor()
  return actor.kind === 'user' ? `user ${actor.username}` : `address ${addressGroup(await currentAddress())}`
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
  const jar = await cookies()
  const secret = sessionSecret()
  const device = deviceOf(jar.get(DEVICE_COOKIE)?.value, username, secret)
  const check = await verifyPassword(config(), { username, password, address: await currentAddress(), device })
  if (check.outcome !== 'right') return { outcome: 'refused', message: explainRefusal(check) }
  const token = await beginSession(config(), username)
  const { name, options } = sessionCookie(isSecure(sent), config().basePath)
  jar.set(name, await encodeSession(token, secret, config()), { ...options, maxAge: cookieAge(config(), token) })
  jar.set(DEVICE_COOKIE, issueDevice(username, secret), { ...options, maxAge: DEVICE_LIFETIME })
  return { outcome: 'signed-in', returnTo: safeReturnPath(returnTo) }
}

/** Ends every session of the current user, also where its cookie was copied to. @throws AccessError with code `foreign-origin` */
export async function signOut(): Promise<void> {
  const sent = await headers()
  assertSameOrigin(sent, config())
  const username = await signedInName()
  if (username !== undefined) await signOuts().record(username)
  const { name, options } = sessionCookie(isSecure(sent), config().basePath)
  const jar = await cookies()
  jar.set(name, '', { ...options, maxAge: 0 })
}

const DEVICE_COOKIE = 'lading.device'

const signInSchema = z.strictObject({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(1024),
  returnTo: z.string().max(2048).optional(),
})

async function signedInName(): Promise<string | undefined> {
  try {
    const { name } = sessionCookie(isSecure(await headers()), config().basePath)
    const cookie = (await cookies()).get(name)?.value
    const valid = await validSession(config(), await decodeSession(cookie, sessionSecret()))
    return valid?.name
  } catch {
    return undefined
  }
}

function sessionSecret(): string {
  const secret = process.env.NEXTAUTH_SECRET
  if (!secret) throw new Error('The server has no secret to sign sessions with: it was not started as a server.')
  return secret
}
