import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AccessError } from '../../access/access-error.ts'
import { tellAccessEvent } from '../../access/access-events.ts'
import type { Actor } from '../../access/actor.ts'
import { deriveAuditKey } from '../../audit/audit-key.ts'
import { verifyLog } from '../../audit/verify-log.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { StoreError } from '../../store/store-error.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { exportFindings } from '../policy/export-findings.ts'
import { createToken, listTokens, revokeToken } from '../settings/tokens.ts'
import { RefusalFold } from './fold-refusals.ts'
import { recordAccess } from './record-access.ts'
import { recordingRequest } from './record-refused.ts'

const opened = vi.hoisted(() => ({ store: undefined as Store | undefined }))
vi.mock('../../store/the-store.ts', () => ({
  theStore: async () => {
    if (!opened.store) throw new StoreError('unreachable', 'The database is down')
    return opened.store
  },
}))
vi.mock('../../audit/audit-key.ts', async (original) => ({
  ...(await original<object>()),
  auditKey: async () => deriveAuditKey('a secret of the test'),
}))
const config = vi.hoisted(() => ({
  users: [{ username: 'vera', passwordHash: 'x', groups: [], role: 'viewer' }],
  grants: [],
  policies: [],
  registries: [],
}))
vi.mock('../../config/config.ts', async (original) => ({ ...(await original<object>()), config: () => config }))

const rights = { groups: [], grants: [], readOnly: false } as const
const vera: Actor = { kind: 'user', username: 'vera', role: 'viewer', ...rights }
const address = '192.0.2.7'

describeEachDatabase('what happens around sessions, tokens and requests', (databases) => {
  let store: Store
  beforeEach(async () => {
    store = await openStore(await databases.create())
    opened.store = store
    recordAccess()
  })
  afterEach(() => store.close())

  const rows = () => store.read.selectFrom('audit_entry').selectAll().orderBy('seq').execute()

  it('records sign-ins and sign-outs, but never an unknown name: it may be a password', async () => {
    await tellAccessEvent({ kind: 'sign-in', username: 'vera', address, by: 'password' })
    await tellAccessEvent({
      kind: 'sign-in-failed',
      username: 'vera',
      address,
      by: 'password',
      reason: 'sign-in.wrong',
    })
    await tellAccessEvent({ kind: 'sign-in-failed', username: 'hunter2 secret', address, by: 'password' })
    await tellAccessEvent({ kind: 'sign-out', username: 'vera', address, by: 'button' })
    await tellAccessEvent({ kind: 'token-used', username: 'vera', address, by: 'nightly' })
    const found = await rows()
    expect(found).toMatchObject([
      { phase: 'event', action: 'sign-in', actor: 'vera', rights: 'viewer', address, outcome: 'done' },
      { phase: 'refusal', action: 'sign-in', actor: 'vera', outcome: 'refused' },
      { phase: 'refusal', action: 'sign-in', actor: null, outcome: 'refused' },
      { phase: 'event', action: 'sign-out', actor: 'vera' },
      { phase: 'event', action: 'use-token', actor: 'vera', detail: '{"what":"nightly"}' },
    ])
    expect(JSON.stringify(found)).not.toContain('hunter2')
    expect(await verifyLog(store, deriveAuditKey('a secret of the test'))).toMatchObject({ state: 'intact', rows: 5 })
  })

  it('admits people even when the log can’t be written', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    opened.store = undefined
    await tellAccessEvent({ kind: 'sign-in', username: 'vera', address, by: 'password' })
    expect(error).toHaveBeenCalledOnce()
    error.mockRestore()
  })

  it('records created and revoked tokens, and creates none that it can’t record', async () => {
    await createToken(vera, { name: 'nightly', scopes: ['read'], days: 7 })
    const [token] = await listTokens(vera)
    await revokeToken(vera, token?.id ?? '')
    expect((await rows()).map(({ phase, action, actor }) => `${phase} ${action} ${actor}`)).toEqual([
      'intent create-token vera',
      'outcome create-token vera',
      'intent revoke-token vera',
      'outcome revoke-token vera',
    ])
    await store.write.schema.alterTable('audit_head').renameTo('audit_head_gone').execute()
    await expect(createToken(vera, { name: 'hidden', scopes: ['read'], days: 7 })).rejects.toThrow('audit log')
    expect(await listTokens(vera)).toEqual([])
  })

  it('exports nothing that it can’t record', async () => {
    const state = { page: 1, policy: null, kind: null, owner: null, q: '' } as never
    await exportFindings(vera, state)
    expect(await rows()).toMatchObject([{ action: 'export', actor: 'vera' }])
    await store.write.schema.alterTable('audit_head').renameTo('audit_head_gone').execute()
    await expect(exportFindings(vera, state)).rejects.toThrow('audit log')
  })

  it('records requests refused before a change begins, once, but not those that only need signing in', async () => {
    const scope = { registry: 'hub', repository: 'secret/app' }
    const refuse = (code: 'denied' | 'sign-in', verb: 'browse' | 'delete') => () => {
      throw new AccessError(code, verb, scope)
    }
    await expect(recordingRequest(vera, refuse('denied', 'browse'))).rejects.toThrow('denied')
    await expect(recordingRequest(vera, refuse('denied', 'delete'))).rejects.toThrow('denied')
    await expect(recordingRequest(undefined, refuse('sign-in', 'browse'))).rejects.toThrow('sign-in')
    await expect(recordingRequest(undefined, refuse('sign-in', 'delete'))).rejects.toThrow('sign-in')
    const once = new AccessError('denied', 'manage', {})
    const twice = () => recordingRequest(vera, () => Promise.reject(once))
    await expect(recordingRequest(vera, twice)).rejects.toThrow('denied')
    expect((await rows()).map(({ action, actor, repository }) => [action, actor, repository])).toEqual([
      ['read', 'vera', 'secret/app'],
      ['delete-tag', 'vera', 'secret/app'],
      ['delete-tag', null, 'secret/app'],
      ['edit-protection', 'vera', null],
    ])
  })
})

it('a flood of refusals adds a few rows and one that counts the rest', async () => {
  const fold = new RefusalFold(3_600_000)
  const written: number[] = []
  const record = async (leftOut: number) => void written.push(leftOut)
  for (let at = 0; at < 1_000; at++) await fold.take('192.0.2.7', record)
  await fold.take('198.51.100.1', record)
  expect(written).toHaveLength(31)
  await fold.end()
  expect(written.slice(31)).toEqual([970])
  for (let at = 0; at < 20_000; at++) await fold.take(`address ${at}`, record)
  await fold.end()
  expect(written.length).toBeLessThan(32 + 300 + 31)
})
