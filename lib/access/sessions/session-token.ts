import 'server-only'
import { randomUUID, timingSafeEqual } from 'node:crypto'
import { decode, encode, type JWT } from 'next-auth/jwt'
import { z } from 'zod'
import type { Config } from '../../config/config.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import { accountName } from '../sign-in/account-name.ts'
import { accountTrace } from '../sign-in/account-trace.ts'
import { currentUser } from '../sign-in/current-user.ts'
import { findUser } from '../sign-in/find-user.ts'
import { type AccountCredentials, sealAccount } from './sealed-account.ts'
import type { SignOuts } from './sign-outs.ts'
import { signOuts } from './the-sign-outs.ts'

/** The encrypted content of a session cookie. Roles and grants are not in it: they are read again on every request. */
export interface SessionToken extends JWT {
  readonly name: string
  /** Of its row in the list of sessions. */
  readonly id: string
  /** From `findUser`: changing the password, or the account at the provider, ends the user's sessions. */
  readonly trace: string
  /** When the user signed in, and when the session was last in use; milliseconds since the epoch. */
  readonly began: number
  readonly seen: number
  /** Where the user signed in with their own account of a registry. */
  readonly account?: SealedAccount
}

export interface SealedAccount {
  readonly registry: string
  /** The credentials, encrypted for this session alone: see `sealAccount`. */
  readonly sealed: string
}

/** A session that begins now. */
export async function beginSession(config: Config, name: string, ended: SignOuts = signOuts()): Promise<SessionToken> {
  // Later than the last sign-out, also when both happen in the same millisecond.
  const now = Math.max(Math.ceil(steadyNow()), (await ended.lastOf(name)) + 1)
  const user = await findUser(config, name)
  return { name, id: randomUUID(), trace: user?.trace ?? '', began: now, seen: now }
}

/** A session that begins now for somebody whose account the registry has just confirmed. */
export async function beginAccountSession(
  config: Config,
  registry: string,
  credentials: AccountCredentials,
  secret: string,
  ended: SignOuts = signOuts(),
): Promise<SessionToken> {
  const name = accountName(registry, credentials.username)
  const began = await beginSession(config, name, ended)
  const trace = accountTrace(config, name, registry) ?? ''
  return { ...began, trace, account: { registry, sealed: sealAccount(credentials, secret, began.id) } }
}

/** Whether the session still counts. @returns the token, or undefined for one that has ended or was never ours */
export async function validSession(
  config: Config,
  token: JWT | null,
  ended: SignOuts = signOuts(),
): Promise<SessionToken | undefined> {
  if (!isSessionToken(token)) return undefined
  const { name, id, trace, began, seen, account } = token
  const now = steadyNow()
  if (now > began + config.session.lifetime || now > seen + config.session.idle) return undefined
  const wanted = account ? accountTrace(config, name, account.registry) : (await currentUser(config, name))?.trace
  if (wanted === undefined || !isSame(trace, wanted)) return undefined
  if (began <= (await ended.lastOf(name)) || (await ended.hasEnded(id))) return undefined
  return token
}

/** The same session, in use now; undefined while it was in use a moment ago. */
export function renewedSession(token: SessionToken): SessionToken | undefined {
  const now = Math.ceil(steadyNow())
  return now - token.seen > RENEW_AFTER ? { ...token, seen: now } : undefined
}

export function encodeSession(token: SessionToken, secret: string, config: Config): Promise<string> {
  return encode({ token: { ...token }, secret, maxAge: cookieAge(config, token) })
}

export async function decodeSession(cookie: string | undefined, secret: string): Promise<JWT | null> {
  if (cookie === undefined) return null
  try {
    return await decode({ token: cookie, secret })
  } catch {
    return null
  }
}

/** How long the browser keeps the cookie, in seconds. */
export function cookieAge({ session }: Config, { began, seen }: SessionToken): number {
  return Math.max(1, Math.ceil(Math.min(session.idle, began + session.lifetime - seen) / 1000))
}

const RENEW_AFTER = 60_000

const accountSchema = z.object({ registry: z.string(), sealed: z.string() })

function isSessionToken(token: JWT | null): token is SessionToken {
  return (
    typeof token?.name === 'string' &&
    typeof token.id === 'string' &&
    typeof token.trace === 'string' &&
    typeof token.began === 'number' &&
    typeof token.seen === 'number' &&
    (token.account === undefined || accountSchema.safeParse(token.account).success)
  )
}

function isSame(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}
