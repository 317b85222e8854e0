import 'server-only'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { accountName } from '../sign-in/account-name.ts'
import { type AccountCredentials, unsealAccount } from './sealed-account.ts'
import { type SessionToken, validSession } from './session-token.ts'

/** The credentials of a session in the memory of this process, and nowhere else: they come back with each request. */
export interface HeldAccount {
  /** From `accountName`. */
  readonly name: string
  readonly registry: string
  readonly session: string
  readonly credentials: AccountCredentials
  /** Aborted when the credentials are dropped: whatever uses them must end then. */
  readonly dropped: AbortSignal
}

interface Holding {
  readonly account: HeldAccount
  readonly drop: AbortController
  /** As the last request sent it. */
  token: SessionToken
}

/** Sessions whose credentials are held at a time; further ones push out those not used for longest. */
const MOST_HELD = 200
/** Milliseconds between two checks whether the sessions still count. */
const CHECKED_EVERY = 10_000

/** Holds the credentials of the current request's session. @returns undefined if they can't be decrypted */
export function holdAccount(token: SessionToken, secret: string): HeldAccount | undefined {
  const all = holdings()
  const known = all.get(token.id)
  if (known) {
    known.token = token
    all.delete(token.id)
    all.set(token.id, known)
    return known.account
  }
  const credentials = token.account && unsealAccount(token.account.sealed, secret, token.id)
  if (!token.account || !credentials) return undefined
  if (token.name !== accountName(token.account.registry, credentials.username)) return undefined
  const drop = new AbortController()
  const { name, id } = token
  const account = { name, registry: token.account.registry, session: id, credentials, dropped: drop.signal }
  all.set(id, { account, drop, token })
  const oldest = all.keys().next()
  if (all.size > MOST_HELD && !oldest.done) dropAccount(oldest.value)
  watch()
  return account
}

export function heldAccount(session: string): HeldAccount | undefined {
  return holdings().get(session)?.account
}

/** Of the user's session that was used last, if it still counts. */
export async function heldAccountOf(name: string): Promise<HeldAccount | undefined> {
  for (const { account, token } of [...holdings().values()].reverse()) {
    if (account.name !== name) continue
    if (await validSession(config(), token)) return account
    dropAccount(account.session)
  }
  return undefined
}

/** Everything of a user who has signed out. */
export function dropAccountsOf(name: string): void {
  for (const { account } of [...holdings().values()]) if (account.name === name) dropAccount(account.session)
}

function dropAccount(session: string): void {
  const holding = holdings().get(session)
  holdings().delete(session)
  holding?.drop.abort()
}

/** Sessions end elsewhere too: at another replica, by an admin, or because nobody uses them. */
async function dropEnded(): Promise<void> {
  for (const { account, token } of [...holdings().values()])
    if (!(await validSession(config(), token))) dropAccount(account.session)
}

function watch(): void {
  processWide('held-accounts-watch', () =>
    setInterval(
      () =>
        void dropEnded().catch((error) => console.error('Sessions of registry accounts couldn’t be checked', error)),
      CHECKED_EVERY,
    ).unref(),
  )
}

/** By session, the last used at the end. */
function holdings(): Map<string, Holding> {
  return processWide('held-accounts', () => new Map<string, Holding>())
}
