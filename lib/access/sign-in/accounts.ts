import { z } from 'zod'
import { processWide } from '../../config/process-wide.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import { StoreError } from '../../store/store-error.ts'
import { theStore } from '../../store/the-store.ts'
import type { Identity } from './identity.ts'

/** A user who signed in through a provider, as it last described them. */
export interface Account {
  readonly username: string
  readonly issuer: string
  readonly subject: string
  readonly groups: ReadonlySet<string>
  /** When the provider last confirmed it; milliseconds since the epoch. */
  readonly confirmedAt: number
}

/** Milliseconds until an account is read again. Replicas share the table: a change by one reaches all within this time. */
const READ_AGAIN_AFTER = 2000
/** Milliseconds after a user's last sign-in until the name becomes free. */
const NAME_KEPT = 90 * 24 * 3_600_000
const CACHED = 10_000

const cache = () =>
  processWide('accounts', () => new Map<string, { readonly account: Account | undefined; readonly readAt: number }>())

/** How often an account has been recorded: what was read meanwhile may be from before. */
const recorded = () => processWide('accounts-recorded', () => ({ times: 0 }))

/** The account with that name. While the database is down, the last known one. */
export async function findAccount(username: string): Promise<Account | undefined> {
  const known = cache().get(username)
  if (known && performance.now() - known.readAt < READ_AGAIN_AFTER) return known.account
  try {
    const { times } = recorded()
    const account = await readAccount(username)
    return times === recorded().times ? remember(username, account) : account
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    return known?.account
  }
}

/**
 * Stores what the provider says about a user who has just signed in.
 * @returns `name-taken` when the name is another person's: they would get that person's rights
 * @throws StoreError
 */
export async function recordAccount(issuer: string, identity: Identity): Promise<'recorded' | 'name-taken'> {
  const { username, subject, groups } = identity
  const now = Math.floor(steadyNow())
  const store = await theStore()
  const outcome = await store.write.transaction().execute(async (transaction) => {
    const forgotten = transaction
      .selectFrom('account')
      .select('username')
      .where((where) =>
        where.or([
          where.and([where('username', '=', username), where('confirmed_at', '<', now - NAME_KEPT)]),
          // Renamed at the provider.
          where.and([where('issuer', '=', issuer), where('subject', '=', subject), where('username', '<>', username)]),
        ]),
      )
    await transaction.deleteFrom('access_token').where('owner', 'in', forgotten).execute()
    for (const row of await forgotten.execute())
      await transaction.deleteFrom('account').where('username', '=', row.username).execute()
    const row = { issuer, subject, group_names: JSON.stringify(groups), confirmed_at: now }
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('account')
      .values({ username, ...row })
      .onConflict((conflict) =>
        conflict
          .column('username')
          .doUpdateSet({ group_names: row.group_names, confirmed_at: now })
          .where('account.issuer', '=', issuer)
          .where('account.subject', '=', subject),
      )
      .executeTakeFirst()
    return Number(numInsertedOrUpdatedRows ?? 0) > 0 ? 'recorded' : 'name-taken'
  })
  cache().delete(username)
  recorded().times++
  return outcome
}

/** Names of users who have signed in through the provider, for a field that suggests them. @throws StoreError */
export async function accountNames(issuer: string, limit: number): Promise<string[]> {
  const store = await theStore()
  const rows = await store.read
    .selectFrom('account')
    .select('username')
    .where('issuer', '=', issuer)
    .orderBy('username')
    .limit(limit)
    .execute()
  return rows.map(({ username }) => username)
}

async function readAccount(username: string): Promise<Account | undefined> {
  const store = await theStore()
  const row = await store.read.selectFrom('account').selectAll().where('username', '=', username).executeTakeFirst()
  if (!row) return undefined
  const groups = new Set(z.array(z.string()).parse(JSON.parse(row.group_names)))
  return { username, issuer: row.issuer, subject: row.subject, groups, confirmedAt: Number(row.confirmed_at) }
}

function remember(username: string, account: Account | undefined): Account | undefined {
  const all = cache()
  all.delete(username)
  all.set(username, { account, readAt: performance.now() })
  const oldest = all.keys().next()
  if (all.size > CACHED && !oldest.done) all.delete(oldest.value)
  return account
}
