import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { steadyNow } from '../../config/steady-clock.ts'
import { theStore } from '../../store/the-store.ts'
import { AccessError } from '../access-error.ts'
import { tellAccessEvent } from '../access-events.ts'
import { type Actor, actorOf, type UserActor } from '../actor.ts'
import type { Verb } from '../rights.ts'
import { findUser } from '../sign-in/find-user.ts'

/** The purposes of a token. None allows changes in a registry, except publishing beside an image. */
export const TOKEN_SCOPES = {
  read: ['browse', 'export'],
  audit: ['audit'],
  labels: ['browse', 'edit-labels'],
} as const satisfies Record<string, readonly Verb[]>
export type AccessTokenScope = keyof typeof TOKEN_SCOPES

export interface AccessToken {
  readonly id: string
  readonly name: string
  readonly scopes: readonly AccessTokenScope[]
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt?: number
}

export interface NewToken {
  readonly name: string
  readonly scopes: readonly AccessTokenScope[]
  readonly days: number
}

/** Recognizable, so that scanners for secrets find one that was published. */
const PREFIX = 'lading_pat_'
const MOST_TOKENS = 50
/** Milliseconds: how exactly the last use is known. */
const USE_NOTED_EVERY = 60_000
/** Milliseconds until a provider must have confirmed an account again, by its owner signing in. */
const CONFIRMATION_HOLDS = 7 * 24 * 3_600_000

/** @returns the token itself, which is stored nowhere. @throws AccessError `too-many-tokens`, StoreError */
export async function createAccessToken(owner: UserActor, { name, scopes, days }: NewToken): Promise<string> {
  const store = await theStore()
  const token = `${PREFIX}${randomBytes(32).toString('base64url')}`
  const now = Math.floor(steadyNow())
  const row = { id: randomUUID(), owner: owner.username, name, hash: hashOf(token), scopes: scopes.join(' ') }
  await store.write.transaction().execute(async (transaction) => {
    const { count } = await transaction
      .selectFrom('access_token')
      .select((select) => select.fn.countAll().as('count'))
      .where('owner', '=', owner.username)
      .executeTakeFirstOrThrow()
    if (Number(count) >= MOST_TOKENS) throw new AccessError('too-many-tokens')
    await transaction
      .insertInto('access_token')
      .values({ ...row, created_at: now, expires_at: now + days * 86_400_000, used_at: null })
      .execute()
  })
  return token
}

/** Newest first, the expired ones too. @throws StoreError */
export async function listAccessTokens(owner: UserActor): Promise<AccessToken[]> {
  const store = await theStore()
  const rows = await store.read
    .selectFrom('access_token')
    .selectAll()
    .where('owner', '=', owner.username)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: scopesOf(row.scopes),
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    ...(row.used_at !== null && { usedAt: Number(row.used_at) }),
  }))
}

/** Does nothing to a token that is another's or not there. @throws StoreError */
export async function revokeAccessToken(owner: UserActor, id: string): Promise<void> {
  const store = await theStore()
  await store.write.deleteFrom('access_token').where('id', '=', id).where('owner', '=', owner.username).execute()
}

/** The token in an Authorization header, if it is one of ours: a proxy may send tokens of its own. */
export function sentAccessToken(headers: Headers): string | undefined {
  const [, token] = /^Bearer +(lading_pat_\S{1,200})$/i.exec(headers.get('authorization') ?? '') ?? []
  return token
}

/**
 * The owner of a token with the rights they have now, limited to the token's purpose.
 * @throws AccessError `token` for one that was revoked, has expired or never was; StoreError
 */
export async function actorOfToken(config: Config, token: string, address: string): Promise<Actor> {
  const store = await theStore()
  const now = Math.floor(steadyNow())
  const row = await store.read
    .selectFrom('access_token')
    .selectAll()
    .where('hash', '=', hashOf(token))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  const owner = row && (await findUser(config, row.owner))
  if (!row || !owner || now - (owner.confirmedAt ?? now) > CONFIRMATION_HOLDS) throw new AccessError('token')
  if (now - Number(row.used_at ?? 0) > USE_NOTED_EVERY)
    await store.write.updateTable('access_token').set({ used_at: now }).where('id', '=', row.id).execute()
  await tellUse(row, address)
  return { ...actorOf(config, owner, 'none'), only: scopesOf(row.scopes).flatMap((scope) => TOKEN_SCOPES[scope]) }
}

/** Milliseconds between two records that one address uses a token: exports are recorded each time. */
const USE_RECORDED_EVERY = 3_600_000
const USES_KEPT = 10_000

async function tellUse({ id, owner, name }: { id: string; owner: string; name: string }, address: string) {
  const uses = processWide('token-uses', () => new Map<string, number>())
  const key = `${id} ${address}`
  const now = performance.now()
  if (now - (uses.get(key) ?? Number.NEGATIVE_INFINITY) < USE_RECORDED_EVERY) return
  uses.delete(key)
  uses.set(key, now)
  const oldest = uses.keys().next()
  if (uses.size > USES_KEPT && !oldest.done) uses.delete(oldest.value)
  await tellAccessEvent({ kind: 'token-used', username: owner, address, by: name })
}

function scopesOf(text: string): AccessTokenScope[] {
  return text.split(' ').filter((scope): scope is AccessTokenScope => Object.hasOwn(TOKEN_SCOPES, scope))
}

/** Unsalted and fast: a token has 256 random bits, so it can't be guessed. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
