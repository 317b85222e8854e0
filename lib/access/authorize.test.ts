import { describe, expect, it } from 'vitest'
import { type Grant, ROLES, type Role } from '../config/grant.ts'
import { isAccessError } from './access-error.ts'
import type { Actor } from './actor.ts'
import { allows, authorize, holdsEverywhere } from './authorize.ts'
import type { Verb } from './rights.ts'
import type { Scope } from './scope.ts'

const VERBS = [
  'browse',
  'export',
  'audit',
  'load',
  'create-tag',
  'edit-labels',
  'overwrite-tag',
  'preview-deletion',
  'delete',
  'restore',
  'manage',
] as const satisfies Verb[]
const app: Scope = { registry: 'hub', repository: 'team-a/app', tag: '1' }

function user(role: Role | 'none', grants: Partial<Grant>[] = [], readOnly = false): Actor {
  const full = grants.map((grant) => ({
    subject: { user: 'bo' },
    role: 'viewer' as const,
    registry: '*',
    repository: '**',
    allow: [],
    ...grant,
  }))
  return { kind: 'user', username: 'bo', groups: [], role, grants: full, readOnly }
}
const anonymous = (role: Role | 'none'): Actor => ({ kind: 'anonymous', role, grants: [], readOnly: false })
const allowed = (actor: Actor, scope = app) => VERBS.filter((verb) => allows(actor, verb, scope))

function refusal(actor: Actor, verb: Verb, scope = app): string {
  try {
    authorize(actor, verb, scope)
    return 'allowed'
  } catch (error) {
    return isAccessError(error) ? error.code : 'another error'
  }
}

describe('authorize', () => {
  it('gives each role the rights in the table of roles', () => {
    expect(allowed(user('none'))).toEqual([])
    expect(allowed(user('viewer'))).toEqual(['browse', 'export'])
    expect(allowed(user('auditor'))).toEqual(['browse', 'export', 'audit'])
    expect(allowed(user('operator'))).toEqual(['browse', 'export', 'audit', 'load', 'create-tag', 'edit-labels'])
    expect(allowed(user('admin'))).toEqual(VERBS)
  })

  it('tells rights that hold everywhere from those in some places', () => {
    const byGroup: Partial<Grant> = { subject: { group: 'audit' }, role: 'auditor' }
    expect(holdsEverywhere(user('auditor'), 'audit')).toBe(true)
    expect(holdsEverywhere(user('none', [byGroup]), 'audit')).toBe(true)
    expect(holdsEverywhere(user('none', [{ ...byGroup, repository: 'team-a/**' }]), 'audit')).toBe(false)
    expect(holdsEverywhere(user('none', [{ ...byGroup, registry: 'hub' }]), 'audit')).toBe(false)
    expect(holdsEverywhere(user('viewer'), 'audit')).toBe(false)
    expect(holdsEverywhere({ ...user('auditor'), only: ['browse'] }, 'audit')).toBe(false)
  })

  it('lets operators overwrite, delete and restore only where granted', () => {
    const cleaner = user('none', [{ role: 'operator', repository: 'team-a/**', allow: ['delete'] }])
    expect(allows(cleaner, 'delete', app)).toBe(true)
    expect(allows(cleaner, 'overwrite-tag', app)).toBe(false)
    expect(allows(cleaner, 'delete', { registry: 'hub', repository: 'team-ab/app' })).toBe(false)
  })

  it('never lets a viewer change anything, whatever the grant allows', () => {
    expect(allowed(user('none', [{ role: 'viewer', allow: ['delete', 'overwrite', 'restore'] }]))).toEqual([
      'browse',
      'export',
    ])
  })

  it('doesn’t add one grant’s right to another’s scope', () => {
    const actor = user('none', [
      { role: 'operator', repository: 'other/**', allow: ['delete'] },
      { role: 'operator', repository: 'team-a/**' },
    ])
    expect(allows(actor, 'delete', app)).toBe(false)
  })

  it('lets anyone with any right to a repository see it', () => {
    for (const role of ['none', ...ROLES] as const)
      for (const granted of ROLES)
        for (const allow of [[], ['overwrite'], ['delete'], ['restore']] as const) {
          const actor = user(role, [{ role: granted, repository: 'team-a/*', allow }])
          for (const scope of [app, { registry: 'hub', repository: 'other' }])
            if (allowed(actor, scope).length > 0) expect(allows(actor, 'browse', scope)).toBe(true)
        }
  })

  it('keeps grants to their registry', () => {
    const actor = user('none', [{ role: 'viewer', registry: 'hub' }])
    expect(allows(actor, 'browse', app)).toBe(true)
    expect(allows(actor, 'browse', { ...app, registry: 'hub2' })).toBe(false)
  })

  it('shows a registry with anything visible in it, but allows changes to all of it only with a right on all of it', () => {
    const part = user('none', [{ role: 'operator', registry: 'hub', repository: 'team-a/**' }])
    expect(allows(part, 'browse', { registry: 'hub' })).toBe(true)
    expect(allows(part, 'load', { registry: 'hub' })).toBe(false)
    expect(allows(user('none', [{ role: 'operator', repository: '*' }]), 'load', { registry: 'hub' })).toBe(false)
    expect(allows(user('none', [{ role: 'operator', registry: 'hub' }]), 'load', { registry: 'hub' })).toBe(true)
    expect(allows(user('none', [{ role: 'operator', registry: 'hub' }]), 'load', {})).toBe(false)
  })

  it('asks anonymous visitors to sign in, and gives users no reason', () => {
    expect(refusal(anonymous('none'), 'browse')).toBe('sign-in')
    expect(refusal(anonymous('viewer'), 'browse')).toBe('allowed')
    expect(refusal(anonymous('viewer'), 'delete')).toBe('sign-in')
    expect(refusal(user('viewer'), 'delete')).toBe('denied')
  })

  it('refuses every change, and only changes, while Lading is read-only, even to admins', () => {
    const admin = user('admin', [], true)
    const refused = VERBS.filter((verb) => refusal(admin, verb) === 'read-only')
    expect(refused).toEqual(['load', 'create-tag', 'edit-labels', 'overwrite-tag', 'delete', 'restore', 'manage'])
    expect(refusal(user('viewer', [], true), 'delete')).toBe('denied')
  })
})
