import type { Config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import { StoreError } from '../../store/store-error.ts'
import { theStore } from '../../store/the-store.ts'
import { findAccount, recordAccount } from './accounts.ts'
import { askProvider } from './ask-provider.ts'
import { findUser, type KnownUser } from './find-user.ts'
import { identityOf } from './identity.ts'
import { sealTokens, unsealTokens } from './provider-tokens.ts'

/** Milliseconds until the provider is asked again about a signed-in user. */
const ASK_AGAIN_AFTER = 50_000
/** Milliseconds that a session goes on while the provider can't be asked. */
export const HOLDS_WITHOUT_PROVIDER = 3_600_000
/** Milliseconds until a provider that didn't respond is asked again: no page should wait each time. */
const PAUSE = 15_000
/** Milliseconds that one process may take to ask. */
const ASKING = 10_000
/** Milliseconds that the clocks of two replicas may differ by. */
const SKEW = 5_000

/**
 * The user of a session with the groups they have now: a provider is asked again when it last confirmed them a minute
 * ago. While it can't be asked, their groups are as they were, for an hour at most.
 * @returns undefined when the provider no longer lets them in, or hasn't confirmed them for too long
 */
export async function currentUser(config: Config, username: string): Promise<KnownUser | undefined> {
  const user = await findUser(config, username)
  if (user?.confirmedAt === undefined || isRecent(user.confirmedAt)) return user
  const asking = processWide('asking-provider', () => new Map<string, Promise<'gone' | 'asked'>>())
  const pending = asking.get(username) ?? askAgain(config, username).finally(() => asking.delete(username))
  asking.set(username, pending)
  if ((await pending) === 'gone') return undefined
  const now = await findUser(config, username)
  return steadyNow() - (now?.confirmedAt ?? 0) > HOLDS_WITHOUT_PROVIDER ? undefined : now
}

/** Not if another replica, whose clock is ahead, recorded it: how long ago that was is unknown. */
function isRecent(confirmedAt: number): boolean {
  const age = steadyNow() - confirmedAt
  return age < ASK_AGAIN_AFTER && age >= -SKEW
}

async function askAgain({ oidc }: Config, username: string): Promise<'gone' | 'asked'> {
  const silent = processWide('silent-provider', () => ({ until: 0 }))
  if (!oidc || performance.now() < silent.until) return 'asked'
  try {
    const account = await findAccount(username)
    // Another request was answered since this one read the account.
    if (account && isRecent(account.confirmedAt)) return 'asked'
    const session = await claimSession(username)
    const tokens = session?.provider_tokens ? unsealTokens(session.provider_tokens) : undefined
    if (!account || !session || !tokens) return 'asked'
    const answer = await askProvider(oidc, tokens, account.subject)
    if (answer.state === 'silent') {
      silent.until = performance.now() + PAUSE
      return 'asked'
    }
    const identity = answer.state === 'known' ? identityOf(oidc, answer.claims) : 'NoName'
    // A renamed user signs in again under the new name.
    if (answer.state === 'gone' || typeof identity === 'string' || identity.username !== username) {
      await forgetTokens(session.id)
      return 'gone'
    }
    await keepTokens(session.id, sealTokens(answer.tokens))
    return (await recordAccount(oidc.issuer, identity)) === 'recorded' ? 'asked' : 'gone'
  } catch (error) {
    if (error instanceof StoreError) return 'asked'
    throw error
  }
}

/** The user's newest session with tokens, if no other process is asking by it: a refresh token can be used only once. */
async function claimSession(username: string) {
  const store = await theStore()
  const now = Math.floor(steadyNow())
  const newest = await store.read
    .selectFrom('session')
    .select('id')
    .where('username', '=', username)
    .where('ended_at', 'is', null)
    .where('provider_tokens', 'is not', null)
    .orderBy('seen_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!newest) return undefined
  return store.write
    .updateTable('session')
    .set({ asking_until: now + ASKING })
    .where('id', '=', newest.id)
    .where((where) =>
      where.or([
        where('asking_until', 'is', null),
        where('asking_until', '<', now),
        where('asking_until', '>', now + ASKING + SKEW),
      ]),
    )
    .returning(['id', 'provider_tokens'])
    .executeTakeFirst()
}

async function keepTokens(id: string, sealed: string | undefined): Promise<void> {
  const store = await theStore()
  const kept = { provider_tokens: sealed ?? null, asking_until: null }
  await store.write.updateTable('session').set(kept).where('id', '=', id).where('ended_at', 'is', null).execute()
}

async function forgetTokens(id: string): Promise<void> {
  const store = await theStore()
  const ended = { provider_tokens: null, asking_until: null, ended_at: Math.ceil(steadyNow()) }
  await store.write.updateTable('session').set(ended).where('id', '=', id).execute()
}
