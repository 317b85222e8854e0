import 'server-only'
import { randomBytes } from 'node:crypto'
import type { AccountCredentials } from '../../access/sessions/sealed-account.ts'
import type { AccountCheck } from '../../access/sessions/session.ts'
import type { HttpRegistryConfig } from '../../config/registry-config.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { clientFor, signInRegistries, signInRegistry } from './account-registries.ts'

/** Milliseconds for all requests of one sign-in. */
const PATIENCE = 15_000

/**
 * Has a registry check somebody's user name and password. A registry that accepts the password with any other user name,
 * or lets anyone in, proves nobody's name: `unproved`.
 */
export async function verifyAccount(name: string, credentials: AccountCredentials): Promise<AccountCheck> {
  const entry = signInRegistry(name)
  if (!entry) return { outcome: 'unproved', message: `You can’t sign in with an account of ${name} here.` }
  const signal = AbortSignal.timeout(PATIENCE)
  try {
    if (!(await asksForPassword(entry, signal))) return { outcome: 'unproved', message: openRegistry(name) }
    if (!(await accepts(entry, credentials, signal))) return { outcome: 'wrong' }
    const stranger = { ...credentials, username: `lading-${randomBytes(8).toString('hex')}` }
    if (!(await accepts(entry, stranger, signal))) return { outcome: 'right' }
    return {
      outcome: 'unproved',
      message: `${name} accepts this password with any user name, so it can’t confirm who you are. Ask an administrator.`,
    }
  } catch (error) {
    const { title } = problemOf(error)
    return { outcome: 'unproved', message: `${name} couldn’t check your password: ${lower(title)}. Try again later.` }
  }
}

/** The registries whose accounts people may sign in with, in the order of the configuration. */
export function signInOffers(): string[] {
  return signInRegistries().map(({ name }) => name)
}

/** Why nobody can sign in with accounts of a registry now. For its sign-in page and the log of the start. */
export async function whyNoSignIn(name: string): Promise<string | undefined> {
  const entry = signInRegistry(name)
  if (!entry) return undefined
  // One that doesn't answer may do so by the time somebody has typed a password.
  const asks = await asksForPassword(entry, AbortSignal.timeout(3_000)).catch(() => true)
  return asks ? undefined : openRegistry(name)
}

function openRegistry(name: string): string {
  return `${name} lets anyone in without a password, so it can’t confirm who you are. An administrator has to make it ask for one, or remove signIn from its entry in the configuration.`
}

async function asksForPassword(entry: HttpRegistryConfig, signal: AbortSignal): Promise<boolean> {
  const client = clientFor(entry)
  try {
    return await client.asksForCredentials({ signal })
  } finally {
    await client.close()
  }
}

async function accepts(
  entry: HttpRegistryConfig,
  credentials: AccountCredentials,
  signal: AbortSignal,
): Promise<boolean> {
  const client = clientFor(entry, credentials)
  try {
    await client.ping({ signal })
    return true
  } catch (error) {
    if (isRegistryError(error, 'unauthorized', 'denied')) return false
    throw error
  } finally {
    await client.close()
  }
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1)
}
