import { setTimeout as delay } from 'node:timers/promises'
import { compare, genSalt, getRounds, hash } from 'bcryptjs'
import type { Config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import type { UserConfig } from '../../config/user-config.ts'
import { theStore } from '../../store/the-store.ts'
import { tellAccessEvent } from '../access-events.ts'
import { databaseFailures } from './database-failures.ts'
import { memoryFailures } from './failure-store.ts'
import { SignInThrottle } from './sign-in-throttle.ts'

export type PasswordCheck =
  | { readonly outcome: 'right'; readonly user: UserConfig }
  | { readonly outcome: 'wrong' }
  /** `wait` in milliseconds. */
  | { readonly outcome: 'throttled'; readonly wait: number }

export interface PasswordAttempt {
  readonly username: string
  readonly password: string
  /** Where the attempt comes from. */
  readonly address: string
  /** From `deviceOf`. */
  readonly device?: string | undefined
}

/** Checks a password against the configured users. Takes as long for a name that doesn't exist as for one that does. */
export async function verifyPassword(
  config: Config,
  attempt: PasswordAttempt,
  throttle?: SignInThrottle,
): Promise<PasswordCheck> {
  const { username, address } = attempt
  const check = await checkPassword(config, attempt, throttle)
  const event = { username, address, by: 'password' }
  if (check.outcome === 'right') await tellAccessEvent({ ...event, kind: 'sign-in' })
  else await tellAccessEvent({ ...event, kind: 'sign-in-failed', reason: `sign-in.${check.outcome}` })
  return check
}

async function checkPassword(
  config: Config,
  { username, password, address, device }: PasswordAttempt,
  throttle = signInThrottle(config),
): Promise<PasswordCheck> {
  const source = { account: username.slice(0, 64), address, device }
  const throttled = await throttle.begin(source)
  if ('refusedFor' in throttled) return { outcome: 'throttled', wait: throttled.refusedFor }
  if (throttled.delay > 0) await delay(throttled.delay)
  const user = config.users.find((candidate) => candidate.username === username)
  const isRight = await compare(password.slice(0, 1024), user?.passwordHash ?? (await decoyHash(config)))
  if (!user || !isRight) return { outcome: 'wrong' }
  await throttle.succeeded(source)
  return { outcome: 'right', user }
}

/** One for every way to sign in with a password. Replicas that share a database share it. */
export function signInThrottle(config: Config): SignInThrottle {
  return processWide(
    'sign-in-throttle',
    () => new SignInThrottle(config.databaseUrl ? databaseFailures(theStore) : memoryFailures()),
  )
}

export type SignInRefusal = Exclude<PasswordCheck, { outcome: 'right' }>

/** The error and what to do. The same for a wrong name and a wrong password. */
export function explainRefusal(check: SignInRefusal): string {
  if (check.outcome === 'wrong') return 'Wrong user name or password.'
  const seconds = Math.ceil(check.wait / 1000)
  const wait = seconds < 120 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return `Too many failed sign-ins. Try again in ${wait}.`
}

/** A hash that no password matches, as costly as the users' own. */
function decoyHash(config: Config): Promise<string> {
  const [first] = config.users
  const cost = first ? getRounds(first.passwordHash) : 10
  return processWide(`decoy-hash-${cost}`, async () => hash(crypto.randomUUID(), await genSalt(cost)))
}
