import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Config, loadConfig } from '../../config/config.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type HttpServer, startHttpServer } from '../../testing/servers/http-server.ts'
import { recordSession } from '../sessions/session-rows.ts'
import { recordAccount } from './accounts.ts'
import { currentUser } from './current-user.ts'
import { sealTokens } from './provider-tokens.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../../store/the-store.ts', () => ({
  theStore: async () => {
    if (!opened.store) throw new StoreError('unreachable', 'The database is down')
    return opened.store
  },
}))

const MINUTE = 60_000

/** A provider that gives each refresh token once. */
interface Provider {
  groups: readonly string[]
  refreshToken: string
  status: number
  asked: number
}

describeEachDatabase('the groups of somebody who is signed in', (databases) => {
  let store: Store
  let server: HttpServer
  let config: Config
  let provider: Provider
  let passed = 0
  const pass = (ms: number) => {
    passed += ms
  }

  beforeEach(async () => {
    passed = 0
    // Each test is another process, and begins with what that knows: nothing.
    ;(globalThis as { [key: symbol]: Map<string, unknown> })[Symbol.for('lading.process-wide')]?.clear()
    const [wall, steady] = [Date.now(), performance.now()]
    vi.spyOn(Date, 'now').mockImplementation(() => wall + passed)
    vi.spyOn(performance, 'now').mockImplementation(() => steady + passed)
    vi.stubEnv('NEXTAUTH_SECRET', 'a secret of the test that is long enough')
    store = await openStore(await databases.create())
    opened.store = store
    provider = { groups: ['makers'], refreshToken: 'first', status: 200, asked: 0 }
    server = await startHttpServer((request, response, body) => {
      const answer = (status: number, document: object) =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document))
      const { pathname } = new URL(request.url ?? '/', server.url)
      if (pathname === '/.well-known/openid-configuration')
        return answer(200, {
          issuer: server.url,
          token_endpoint: `${server.url}/token`,
          userinfo_endpoint: `${server.url}/me`,
        })
      provider.asked++
      if (provider.status !== 200) return answer(provider.status, {})
      const claims = { sub: '1', preferred_username: 'mia', groups: provider.groups }
      if (pathname === '/me') return answer(200, claims)
      const form = new URLSearchParams(body.toString())
      if (form.get('refresh_token') !== provider.refreshToken) return answer(400, { error: 'invalid_grant' })
      provider.refreshToken = `${provider.refreshToken}+`
      const payload = Buffer.from(JSON.stringify({ iss: server.url, aud: 'lading', ...claims })).toString('base64url')
      return answer(200, { access_token: 'new', refresh_token: provider.refreshToken, id_token: `e30.${payload}.x` })
    })
    config = {
      ...loadConfig({ DATA_DIR: '/nonexistent', OIDC_ISSUER: server.url, OIDC_CLIENT_ID: 'lading' }),
      grants: ['makers', 'others'].map((group) => {
        return { subject: { group }, role: 'viewer' as const, registry: '*', repository: '**', allow: [] }
      }),
    }
    await recordAccount(server.url, { subject: '1', username: 'mia', groups: ['makers'] })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    await server.stop()
    await store.close()
  })

  const signedIn = async (tokens: { accessToken: string; refreshToken?: string; expiresAt?: number }) => {
    const now = Math.ceil(performance.timeOrigin + performance.now())
    const [id, username, address, browser] = [crypto.randomUUID(), 'mia', '192.0.2.7', 'curl/8']
    const row = { id, username, address, browser, beganAt: now, seenAt: now, way: 'Acme' }
    await recordSession({ ...row, providerTokens: sealTokens(tokens) }, 12 * 60 * MINUTE)
    return id
  }
  const groups = async () => (await currentUser(config, 'mia'))?.groups

  it('are requested again after a minute, once for many requests, and with each refresh token once', async () => {
    await signedIn({ accessToken: 'old', refreshToken: 'first' })
    provider.groups = ['others']
    expect(await groups()).toEqual(['makers'])
    expect(provider.asked).toBe(0)
    pass(MINUTE)
    expect(await Promise.all([groups(), groups(), groups()])).toEqual([['others'], ['others'], ['others']])
    expect(provider.asked).toBe(1)
    provider.groups = []
    pass(MINUTE)
    expect(await groups()).toEqual([])
    expect(provider.refreshToken).toBe('first++')
  })

  it('are requested within a minute, also where a replica whose clock is ahead was the last to ask', async () => {
    const id = await signedIn({ accessToken: 'old', refreshToken: 'first' })
    const ahead = Math.ceil(Date.now()) + 10 * MINUTE
    await store.write.updateTable('account').set({ confirmed_at: ahead }).where('username', '=', 'mia').execute()
    await store.write.updateTable('session').set({ asking_until: ahead }).where('id', '=', id).execute()
    provider.groups = ['others']
    pass(MINUTE)
    expect(await groups()).toEqual(['others'])
    expect(await groups()).toEqual(['others'])
    expect(provider.asked).toBe(1)
  })

  it('are requested from the userinfo endpoint without a refresh token', async () => {
    await signedIn({ accessToken: 'old' })
    provider.groups = ['others']
    pass(MINUTE)
    expect(await groups()).toEqual(['others'])
  })

  it('end with the session when the provider revokes the token', async () => {
    const id = await signedIn({ accessToken: 'old', refreshToken: 'taken back' })
    pass(MINUTE)
    expect(await groups()).toBeUndefined()
    const row = await store.read.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(row.provider_tokens).toBeNull()
    expect(row.ended_at).not.toBeNull()
  })

  it('stay for an hour while the provider is down, without asking it for each page, and no longer', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    await signedIn({ accessToken: 'old', refreshToken: 'first' })
    provider.status = 503
    pass(MINUTE)
    for (let page = 0; page < 5; page++) expect(await groups()).toEqual(['makers'])
    expect(provider.asked).toBe(1)
    pass(58 * MINUTE)
    expect(await groups()).toEqual(['makers'])
    pass(2 * MINUTE)
    expect(await groups()).toBeUndefined()
    provider.status = 200
    pass(MINUTE)
    expect(await groups()).toEqual(['makers'])
    error.mockRestore()
  })

  it('keeps the tokens where only this installation can read them', async () => {
    await signedIn({ accessToken: 'canary-access', refreshToken: 'canary-refresh' })
    expect(JSON.stringify(await store.read.selectFrom('session').selectAll().execute())).not.toContain('canary')
    vi.stubEnv('NEXTAUTH_SECRET', 'another secret of the test, long enough')
    pass(MINUTE)
    expect(await groups()).toEqual(['makers'])
    expect(provider.asked).toBe(0)
  })
})
