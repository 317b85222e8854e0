import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { loadConfig } from '../../config/config.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { findAccount, recordAccount } from './accounts.ts'
import { findUser } from './find-user.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../../store/the-store.ts', () => ({
  theStore: async () => {
    if (!opened.store) throw new StoreError('unreachable', 'The database is down')
    return opened.store
  },
}))

const issuer = 'https://id.example.com'
const mia = { subject: '1', username: 'mia', groups: ['makers', 'others'] }

describeEachDatabase('accounts', (databases) => {
  let store: Store
  beforeEach(async () => {
    store = await openStore(await databases.create())
    opened.store = store
    for (const key of ['mia', 'max', 'renamed']) cacheOf().delete(key)
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await store.close()
  })

  it('are as recorded, also where a reading that began before ends after it', async () => {
    await recordAccount(issuer, mia)
    const held = Promise.withResolvers<void>()
    const isRead = Promise.withResolvers<void>()
    const late: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        isRead.resolve()
        await held.promise
        return result
      },
    }
    opened.store = { ...store, read: store.read.withPlugin(late) }
    const before = findAccount('mia')
    await isRead.promise
    opened.store = store
    await recordAccount(issuer, { ...mia, groups: [] })
    held.resolve()
    expect((await before)?.groups.size).toBe(2)
    expect((await findAccount('mia'))?.groups.size).toBe(0)
  })

  it('follow the provider at each sign-in', async () => {
    expect(await findAccount('mia')).toBeUndefined()
    expect(await recordAccount(issuer, mia)).toBe('recorded')
    expect([...((await findAccount('mia'))?.groups ?? [])]).toEqual(['makers', 'others'])
    expect(await recordAccount(issuer, { ...mia, groups: [] })).toBe('recorded')
    expect((await findAccount('mia'))?.groups.size).toBe(0)
  })

  it('never pass a name to somebody else, not even from another provider', async () => {
    await recordAccount(issuer, mia)
    expect(await recordAccount(issuer, { ...mia, subject: '2' })).toBe('name-taken')
    expect(await recordAccount('https://evil.example', mia)).toBe('name-taken')
    expect(await findAccount('mia')).toMatchObject({ subject: '1', issuer })
  })

  it('move with a renamed person', async () => {
    await recordAccount(issuer, mia)
    expect(await recordAccount(issuer, { ...mia, username: 'renamed' })).toBe('recorded')
    expect(await findAccount('renamed')).toMatchObject({ subject: '1' })
    expect(await recordAccount(issuer, { ...mia, subject: '3' })).toBe('recorded')
  })

  it('stay as last read while the database is down', async () => {
    await recordAccount(issuer, mia)
    await findAccount('mia')
    opened.store = undefined
    const now = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => now + 60_000)
    expect(await findAccount('mia')).toMatchObject({ subject: '1' })
    await expect(recordAccount(issuer, mia)).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('count only groups with rights, and only from the configured provider', async () => {
    await recordAccount(issuer, mia)
    const base = loadConfig({ DATA_DIR: '/nonexistent', OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'lading' })
    const grant = { role: 'viewer', registry: '*', repository: '**', allow: [] } as const
    const config = { ...base, grants: [{ ...grant, subject: { group: 'makers' } }] }
    expect(await findUser(config, 'mia')).toMatchObject({ groups: ['makers'] })
    const { oidc, ...without } = config
    expect(await findUser(without, 'mia')).toBeUndefined()
    if (!oidc) throw new Error('The provider is missing')
    expect(await findUser({ ...config, oidc: { ...oidc, issuer: 'https://other.example' } }, 'mia')).toBeUndefined()
  })
})

function cacheOf(): Map<string, unknown> {
  const home = (globalThis as { [key: symbol]: Map<string, unknown> | undefined })[Symbol.for('lading.process-wide')]
  return (home?.get('accounts') as Map<string, unknown> | undefined) ?? new Map()
}
