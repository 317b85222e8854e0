import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Config, loadConfig } from '../../config/config.ts'
import type { Grant } from '../../config/grant.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { actorOf, type UserActor } from '../actor.ts'
import { allows, allowsSomewhere, readableGlobs } from '../authorize.ts'
import { recordAccount } from '../sign-in/accounts.ts'
import {
  actorOfToken,
  createAccessToken,
  listAccessTokens,
  type NewToken,
  revokeAccessToken,
  sentAccessToken,
} from './access-tokens.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../../store/the-store.ts', () => ({
  theStore: async () => {
    if (!opened.store) throw new StoreError('unreachable', 'The database is down')
    return opened.store
  },
}))

const DAY = 86_400_000
const base = loadConfig({ DATA_DIR: '/nonexistent', OIDC_ISSUER: 'https://id.example.com', OIDC_CLIENT_ID: 'lading' })
const grant = (subject: Grant['subject'], more: Partial<Grant> = {}): Grant => ({
  subject,
  role: 'operator',
  registry: '*',
  repository: 'team/**',
  allow: ['delete'],
  ...more,
})
const config: Config = {
  ...base,
  users: [
    { username: 'ada', passwordHash: 'one', groups: [], role: 'admin' },
    { username: 'bo', passwordHash: 'two', groups: ['makers'] },
  ],
  grants: [grant({ group: 'makers' })],
}
const user = (username: string) => {
  const actor = actorOf(
    config,
    config.users.find((each) => each.username === username) ?? { username, groups: [] },
    'none',
  )
  return actor as UserActor
}
const nightly: NewToken = { name: 'nightly export', scopes: ['read'], days: 30 }
const app = { registry: 'hub', repository: 'team/app' }

const actorBy = (settings: Config, token: string) => actorOfToken(settings, token, '192.0.2.1')

/** Lets time pass for `steadyNow`. */
function pass(ms: number): void {
  const [wall, steady] = [Date.now(), performance.now()]
  vi.spyOn(Date, 'now').mockImplementation(() => wall + ms)
  vi.spyOn(performance, 'now').mockImplementation(() => steady + ms)
}

describeEachDatabase('access tokens', (databases) => {
  let store: Store
  beforeEach(async () => {
    store = await openStore(await databases.create())
    opened.store = store
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await store.close()
  })
  const refused = { code: 'token' }

  it('read as their owner, and change nothing whatever the owner may do', async () => {
    const actor = await actorBy(config, await createAccessToken(user('ada'), nightly))
    expect(actor).toMatchObject({ kind: 'user', username: 'ada' })
    expect(allows(actor, 'browse', app)).toBe(true)
    expect(allows(actor, 'export', app)).toBe(true)
    for (const verb of ['delete', 'overwrite-tag', 'create-tag', 'edit-labels', 'load', 'restore', 'manage'] as const) {
      expect(allows(actor, verb, app)).toBe(false)
      expect(allowsSomewhere(actor, verb, 'hub')).toBe(false)
    }
  })

  it('read the audit log only if made for it, and if the owner may', async () => {
    const token = (name: string, scopes: NewToken['scopes']) => createAccessToken(user(name), { ...nightly, scopes })
    const audits = async (made: string) => allows(await actorBy(config, made), 'audit', {})
    expect(await audits(await token('ada', ['read', 'audit']))).toBe(true)
    expect(await audits(await token('ada', ['read']))).toBe(false)
    const only = await actorBy(config, await token('ada', ['audit']))
    expect(allows(only, 'browse', app)).toBe(false)
    expect(readableGlobs(only, 'browse', 'hub')).toEqual([])
  })

  it('lose what their owner loses, at once', async () => {
    const token = await createAccessToken(user('bo'), nightly)
    expect(allows(await actorBy(config, token), 'browse', app)).toBe(true)
    expect(allows(await actorBy(config, token), 'browse', { registry: 'hub', repository: 'other' })).toBe(false)
    expect(allows(await actorBy({ ...config, grants: [] }, token), 'browse', app)).toBe(false)
    await expect(actorBy({ ...config, users: [] }, token)).rejects.toMatchObject(refused)
  })

  it('end when they expire, or when their owner revokes them', async () => {
    const token = await createAccessToken(user('ada'), nightly)
    const [listed] = await listAccessTokens(user('ada'))
    if (!listed) throw new Error('The token is not listed')
    expect(await listAccessTokens(user('bo'))).toEqual([])
    await revokeAccessToken(user('bo'), listed.id)
    expect(await actorBy(config, token)).toMatchObject({ username: 'ada' })
    await revokeAccessToken(user('ada'), listed.id)
    await expect(actorBy(config, token)).rejects.toMatchObject(refused)
    const expiring = await createAccessToken(user('ada'), { ...nightly, days: 7 })
    pass(7 * DAY + 1000)
    await expect(actorBy(config, expiring)).rejects.toMatchObject(refused)
  })

  it('stop a week after the provider last confirmed their owner', async () => {
    await recordAccount('https://id.example.com', { subject: '1', username: 'mia', groups: ['makers'] })
    const token = await createAccessToken(user('mia'), nightly)
    expect(allows(await actorBy(config, token), 'browse', app)).toBe(true)
    pass(8 * DAY)
    await expect(actorBy(config, token)).rejects.toMatchObject(refused)
  })

  it('are stored only as hashes, and record their last use', async () => {
    const token = await createAccessToken(user('ada'), nightly)
    expect(JSON.stringify(await store.read.selectFrom('access_token').selectAll().execute())).not.toContain(token)
    expect((await listAccessTokens(user('ada')))[0]).not.toHaveProperty('usedAt')
    await actorBy(config, token)
    expect((await listAccessTokens(user('ada')))[0]?.usedAt).toBeGreaterThan(0)
  })

  it('are limited to fifty per person', async () => {
    for (let count = 0; count < 50; count++) await createAccessToken(user('ada'), nightly)
    await expect(createAccessToken(user('ada'), nightly)).rejects.toMatchObject({ code: 'too-many-tokens' })
    await createAccessToken(user('bo'), nightly)
  })

  it('admit nobody while the database is down', async () => {
    const token = await createAccessToken(user('ada'), nightly)
    opened.store = undefined
    await expect(actorBy(config, token)).rejects.toMatchObject({ code: 'unreachable' })
  })
})

it.each([
  ['Bearer lading_pat_abc', 'lading_pat_abc'],
  ['bearer lading_pat_abc', 'lading_pat_abc'],
  ['Bearer of-a-proxy', undefined],
  ['Basic bGFkaW5nX3BhdF8=', undefined],
  ['', undefined],
])('a token in %j is %j', (authorization, expected) =>
  expect(sentAccessToken(new Headers({ authorization }))).toBe(expected),
)
