import 'server-only'
import { setTimeout as delay } from 'node:timers/promises'
import { cookies, headers } from 'next/headers'
import { cache } from 'react'
import { z } from 'zod'
import { config } from '../../config/config.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import { tellAccessEvent } from '../access-events.ts'
import { type Actor, accountActor, actorOf } from '../actor.ts'
import { anonymousRole } from '../anonymous-role.ts'
import { clientAddress } from '../connection.ts'
import { assertSameOrigin } from '../origin.ts'
import { safeReturnPath } from '../return-path.ts'
import { accountName } from '../sign-in/account-name.ts'
import { isSecure, sessionCookie } from '../sign-in/auth-options.ts'
import { DEVICE_LIFETIME, deviceOf, issueDevice } from '../sign-in/device-cookie.ts'
import { findUser } from '../sign-in/find-user.ts'
import { returnCookie } from '../sign-in/start-sign-in.ts'
import { explainRefusal, type SignInRefusal, signInThrottle, verifyPassword } from '../sign-in/verify-password.ts'
import { dropAccountsOf, holdAccount } from './held-accounts.ts'
import { listSession } from './list-session.ts'
import type { AccountCredentials } from './sealed-account.ts'
import { endSessionsOf } from './session-rows.ts'
import {
  beginAccountSession,
  beginSession,
  cookieAge,
  decodeSession,
  encodeSession,
  type SessionToken,
  validSession,
} from './session-token.ts'
import { signOuts } from './the-sign-outs.ts'

/** The sender of the current request. If anything is wrong with the session, an anonymous actor; never an error. */
export const currentActor: () => Promise<Actor> = cache(async () =>
  actorOfSession(await currentSession(), await headers()),
)

/** The same for a request that lasts: its session is in use meanwhile. */
export async function currentSender(): Promise<{ readonly actor: Actor; readonly again: () => Promise<Actor> }> {
  const sent = new Headers(await headers())
  const session = await currentSession()
  const inUse = async () => session && validSession(config(), { ...session, seen: steadyNow() })
  return {
    actor: await actorOfSession(session, sent),
    again: async () => actorOfSession(await inUse(), sent),
  }
}

async function actorOfSession(session: SessionToken | undefined, sent: Headers): Promise<Actor> {
  const open = anonymousRole(config(), sent)
  if (session?.account) {
    const held = holdAccount(session, sessionSecret())
    return held ? accountActor(config(), held.name, held, open) : actorOf(config(), undefined, open)
  }
  const user = session && (await findUser(config(), session.name))
  return actorOf(config(), user, open)
}

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
  const jar = await cookies()
  const secret = sessionSecret()
  const device = deviceOf(jar.get(DEVICE_COOKIE)?.value, username, secret)
  const address = await currentAddress()
  const check = await verifyPassword(config(), { username, password, address, device })
  if (check.outcome !== 'right') return { outcome: 'refused', message: explainRefusal(check) }
  const token = await beginSession(config(), username)
  await keepSession(token, await encodeSession(token, secret, config()), username, 'password')
  return { outcome: 'signed-in', returnTo: safeReturnPath(returnTo) }
}

/** What a registry says about somebody's account: see `verifyAccount`. */
export type AccountCheck =
  | { readonly outcome: 'right' }
  | { readonly outcome: 'wrong' }
  /** Nothing is known about the account. */
  | { readonly outcome: 'unproved'; readonly message: string }

/**
 * For the sign-in form of a registry's accounts: the registry checks the password, and the session that starts holds it
 * encrypted. Throttled like any other sign-in.
 * @returns where to redirect to, or what to show. @throws AccessError with code `foreign-origin`
 */
export async function signInWithAccount(
  input: unknown,
  check: (registry: string, credentials: AccountCredentials) => Promise<AccountCheck>,
): Promise<SignInResult> {
  const sent = await headers()
  assertSameOrigin(sent, config())
  const form = accountSchema.safeParse(input)
  if (!form.success) return { outcome: 'refused', message: 'Enter a user name and a password or token.' }
  const { registry, username, password, returnTo } = form.data
  const credentials = { username, password }
  const refused = await throttledCheck(registry, credentials, check)
  if (refused !== undefined) return { outcome: 'refused', message: refused }
  const secret = sessionSecret()
  const token = await beginAccountSession(config(), registry, credentials, secret)
  const cookie = await encodeSession(token, secret, config())
  if (cookie.length > LONGEST_COOKIE)
    return { outcome: 'refused', message: 'This password or token is too long for a session. Use a shorter one.' }
  await tellAccessEvent({
    kind: 'sign-in',
    username: token.name,
    address: await currentAddress(),
    by: `account of ${registry}`,
  })
  await keepSession(token, cookie, token.name, registry)
  return { outcome: 'signed-in', returnTo: safeReturnPath(returnTo) }
}

/** @returns why it is refused */
async function throttledCheck(
  registry: string,
  credentials: AccountCredentials,
  check: (registry: string, credentials: AccountCredentials) => Promise<AccountCheck>,
): Promise<string | undefined> {
  const username = accountName(registry, credentials.username)
  const address = await currentAddress()
  const device = deviceOf((await cookies()).get(DEVICE_COOKIE)?.value, username, sessionSecret())
  const attempt = { account: username, address, device }
  const refuse = async (refusal: SignInRefusal) => {
    const event = { username: '', address, by: `account of ${registry}` }
    await tellAccessEvent({ ...event, kind: 'sign-in-failed', reason: `sign-in.${refusal.outcome}` })
    return explainRefusal(refusal)
  }
  const throttle = signInThrottle(config())
  const throttled = await throttle.begin(attempt)
  if ('refusedFor' in throttled) return refuse({ outcome: 'throttled', wait: throttled.refusedFor })
  if (throttled.delay > 0) await delay(throttled.delay)
  const checked = await check(registry, credentials)
  if (checked.outcome === 'wrong') return refuse(checked)
  if (checked.outcome === 'unproved') return checked.message
  await throttle.succeeded(attempt)
  return undefined
}

/** Lists the session and gives it to the browser. */
async function keepSession(token: SessionToken, cookie: string, username: string, way: string): Promise<void> {
  const sent = await headers()
  const jar = await cookies()
  await listSession(token, sent, way)
  const { name, options } = sessionCookie(isSecure(sent), config().basePath)
  jar.set(name, cookie, { ...options, maxAge: cookieAge(config(), token) })
  jar.set(DEVICE_COOKIE, issueDevice(username, sessionSecret()), { ...options, maxAge: DEVICE_LIFETIME })
}

/** Ends every session of the current user, also where its cookie was copied to. @throws AccessError with code `foreign-origin` */
export async function signOut(): Promise<void> {
  const sent = await headers()
  assertSameOrigin(sent, config())
  const username = (await currentSession())?.name
  if (username !== undefined) {
    await signOuts().record(username)
    await endSessionsOf(username)
    dropAccountsOf(username)
    await tellAccessEvent({ kind: 'sign-out', username, address: await currentAddress(), by: 'button' })
  }
  const { name, options } = sessionCookie(isSecure(sent), config().basePath)
  const jar = await cookies()
  jar.set(name, '', { ...options, maxAge: 0 })
}

/** The page that a sign-in through the provider was for, where that failed and left only its cookie. */
export async function attemptedPath(): Promise<string> {
  const { basePath } = config()
  const { name } = returnCookie(isSecure(await headers()), basePath)
  const url = URL.parse((await cookies()).get(name)?.value ?? '')
  if (!url?.pathname.startsWith(`${basePath}/`)) return safeReturnPath(undefined)
  return safeReturnPath(`${url.pathname.slice(basePath.length)}${url.search}`)
}

const DEVICE_COOKIE = 'lading.device'

const signInSchema = z.strictObject({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(1024),
  returnTo: z.string().max(2048).optional(),
})

/** Names a registry can have that fit into a session, an address and the audit log. A colon ends the name in Basic (RFC 7617). */
const accountSchema = z.strictObject({
  registry: z.string().min(1).max(64),
  username: z.string().regex(/^[^\s:\p{C}]{1,128}$/u),
  password: z.string().min(1).max(4096),
  returnTo: z.string().max(2048).optional(),
})

/** Characters: browsers refuse a cookie of more than 4,096 bytes with its name and attributes. */
const LONGEST_COOKIE = 3_800

/** Whether the current request comes with a session, which may have ended. */
export async function hasSentSession(): Promise<boolean> {
  return (await sentSession()) !== undefined
}

async function sentSession(): Promise<string | undefined> {
  const { name } = sessionCookie(isSecure(await headers()), config().basePath)
  return (await cookies()).get(name)?.value
}

/** The session of the current request. */
export async function currentSession(): Promise<SessionToken | undefined> {
  try {
    const cookie = await sentSession()
    return await validSession(config(), await decodeSession(cookie, sessionSecret()))
  } catch {
    return undefined
  }
}

function sessionSecret(): string {
  const secret = process.env.NEXTAUTH_SECRET
  if (!secret) throw new Error('The server has no secret to sign sessions with: it wasn’t started as a server.')
  return secret
}
