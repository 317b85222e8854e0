import { compare, genSalt, getRounds, hash } from 'bcryptjs'
import type { Config, UserConfig } from '../config/config.ts'
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
}

/** Checks a password against the configured users. Takes as long for a name that does not exist as for one that does. */
export async function verifyPassword(
  config: Config,
  { username, password, address }: PasswordAttempt,
  throttle = sharedThrottle(),
): Promise<PasswordCheck> {
  const account = username.slice(0, 64)
  const wait = throttle.begin(account, address)
  if (wait > 0) return { outcome: 'throttled', wait }
  const user = config.users.find((candidate) => candidate.username === username)
  const isRight = await compare(password.slice(0, 1024), user?.passwordHash ?? (await decoyHash(config)))
  if (!user || !isRight) return { outcome: 'wrong' }
  throttle.succeeded(account, address)
  return { outcome: 'right', user }
}

/** For people: what went wrong, and what to do. The same for a wrong name and a wrong password. */
export function explainRefusal(check: Exclude<PasswordCheck, { outcome: 'right' }>): string {
  if (check.outcome === 'wrong') return 'The user name or the password is wrong.'
  const seconds = Math.ceil(check.wait / 1000)
  const wait = seconds < 120 ? `${seconds} second${seconds === 1 ? '' : 's'}` : `${Math.ceil(seconds / 60)} minutes`
  return `Too many failed attempts to sign in. Try again in ${wait}.`
}

// One for all copies of this module that Next bundles into the process.
const memory = globalThis as { ladingThrottle?: SignInThrottle; ladingDecoys?: Map<number, Promise<string>> }

function sharedThrottle(): SignInThrottle {
  memory.ladingThrottle ??= new SignInThrottle()
  return memory.ladingThrottle
}

/** A hash that no password has, with the cost that the users' hashes have. */
function decoyHash(config: Config): Promise<string> {
  const [first] = config.users
  const cost = first ? getRounds(first.passwordHash) : 10
  memory.ladingDecoys ??= new Map()
  const known = memory.ladingDecoys.get(cost)
  if (known) return known
  const made = genSalt(cost).then((salt) => hash(crypto.randomUUID(), salt))
  memory.ladingDecoys.set(cost, made)
  return made
}
