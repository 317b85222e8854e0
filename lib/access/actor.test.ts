import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../config/config.ts'
import { actorOf } from './actor.ts'

const base = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'lading-')) })
const open = loadConfig({ DATA_DIR: base.dataDir, HOST: '0.0.0.0', ANONYMOUS_ROLE: 'viewer' })
const people: Pick<Config, 'users' | 'grants'> = {
  users: [
    { username: 'anna', passwordHash: 'x', groups: [], role: 'admin' },
    { username: 'bo', passwordHash: 'x', groups: ['platform'] },
  ],
  grants: [
    { subject: { group: 'platform' }, role: 'operator', registry: '*', repository: 'p/**', allow: [] },
    { subject: { user: 'anna' }, role: 'viewer', registry: '*', repository: '**', allow: [] },
  ],
}

describe('actorOf', () => {
  it('gives strangers the role of loopback only on requests from this machine', () => {
    expect(actorOf(base, undefined, true).role).toBe('viewer')
    expect(actorOf(base, undefined, false).role).toBe('none')
    expect(actorOf(open, undefined, false).role).toBe('viewer')
  })

  it('takes role, groups and grants from the configuration as it is now', () => {
    expect(actorOf({ ...base, ...people }, 'anna', false)).toMatchObject({ kind: 'user', role: 'admin' })
    const bo = actorOf({ ...base, ...people }, 'bo', false)
    expect(bo).toMatchObject({ role: 'none', grants: [{ subject: { group: 'platform' } }] })
  })

  it('treats a user who was removed as a stranger', () => {
    expect(actorOf({ ...base, ...people }, 'carl', false)).toMatchObject({ kind: 'anonymous', role: 'none' })
  })

  it('takes nothing away from those who sign in', () => {
    expect(actorOf({ ...open, ...people }, 'bo', false).role).toBe('viewer')
  })

  it('holds no secret', () => {
    expect(JSON.stringify(actorOf({ ...base, ...people }, 'anna', true))).not.toContain('passwordHash')
  })
})
