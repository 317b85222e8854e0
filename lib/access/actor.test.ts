import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Config, loadConfig } from '../config/config.ts'
import { actorOf } from './actor.ts'

const base = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'lading-')) })
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

const user = (username: string) => people.users.find((candidate) => candidate.username === username)

describe('actorOf', () => {
  it('gives visitors without a session the role of their request', () => {
    expect(actorOf(base, undefined, 'viewer')).toMatchObject({ kind: 'anonymous', role: 'viewer' })
    expect(actorOf(base, undefined, 'none').role).toBe('none')
  })

  it('takes role, groups and grants from the current configuration', () => {
    expect(actorOf({ ...base, ...people }, user('anna'), 'none')).toMatchObject({ kind: 'user', role: 'admin' })
    const bo = actorOf({ ...base, ...people }, user('bo'), 'none')
    expect(bo).toMatchObject({ role: 'none', grants: [{ subject: { group: 'platform' } }] })
  })

  it('keeps all rights of signed-in users', () => {
    expect(actorOf({ ...base, ...people }, user('bo'), 'viewer').role).toBe('viewer')
  })

  it('contains no secret', () => {
    expect(JSON.stringify(actorOf({ ...base, ...people }, user('anna'), 'viewer'))).not.toContain('passwordHash')
  })
})
