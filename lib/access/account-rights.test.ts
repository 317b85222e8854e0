import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Grant, ROLES, type Role } from '../config/grant.ts'
import { parseRepositoryName } from '../oci/reference.ts'
import type { UserActor } from './actor.ts'
import { allows, allowsSomewhere, authorize, authorizeRecords, readableGlobs, registryDecides } from './authorize.ts'
import { explainRight } from './explain-right.ts'
import { RIGHTS, type Verb } from './rights.ts'
import { accountName, isAccountName, isAccountOf } from './sign-in/account-name.ts'

const VERBS = Object.keys(RIGHTS) as Verb[]
const DECIDED: readonly Verb[] = [
  'browse',
  'export',
  'load',
  'create-tag',
  'overwrite-tag',
  'preview-deletion',
  'delete',
  'restore',
]
const OWN = { registry: 'hub', repository: parseRepositoryName('team/app') }

function actor(role: Role | 'none', grants: readonly Grant[] = [], readOnly = false): UserActor {
  const account = { registry: 'hub', session: 'x' }
  return { kind: 'user', username: accountName('hub', 'anna'), groups: [], role, grants, readOnly, account }
}

const everything: Grant = {
  subject: { group: 'x' },
  role: 'admin',
  registry: '**',
  repository: '**',
  allow: ['delete', 'overwrite', 'restore'],
}
const actors = fc
  .record({ role: fc.constantFrom('none' as const, ...ROLES), granted: fc.boolean() })
  .map(({ role, granted }) => actor(role, granted ? [everything] : []))

it('no role and no grant shows an account what Lading recorded of its registry, or lets it set rules and read the log', () => {
  fc.assert(
    fc.property(actors, (anna) => {
      for (const verb of ['browse', 'export', 'audit'] as const) expect(readableGlobs(anna, verb, 'hub')).toEqual([])
      for (const scope of [{}, { registry: 'hub' }, OWN, { registry: 'other' }])
        for (const verb of ['manage', 'audit'] as const) expect(allows(anna, verb, scope)).toBe(false)
      expect(() => authorizeRecords(anna, OWN)).toThrow(expect.objectContaining({ code: 'records' }))
    }),
  )
})

it('the registry decides about everything that is done in it, whatever role visitors have', () => {
  fc.assert(
    fc.property(actors, fc.constantFrom(...VERBS), (anna, verb) => {
      expect(registryDecides(anna, 'hub')).toBe(true)
      expect(allows(anna, verb, OWN)).toBe(DECIDED.includes(verb))
      expect(allowsSomewhere(anna, verb, 'hub')).toBe(DECIDED.includes(verb))
    }),
  )
})

it('a read-only Lading refuses an account’s changes, and none of its reads', () => {
  const anna = actor('admin', [], true)
  expect(() => authorize(anna, 'delete', OWN)).toThrow(expect.objectContaining({ code: 'read-only' }))
  expect(allowsSomewhere(anna, 'create-tag', 'hub')).toBe(false)
  expect(() => authorize(anna, 'browse', OWN)).not.toThrow()
})

it('in other registries an account may do what visitors may', () => {
  const place = { registry: 'other', repository: 'a' }
  expect(allows(actor('none'), 'browse', place)).toBe(false)
  expect(allows(actor('viewer'), 'browse', place)).toBe(true)
  expect(allows(actor('viewer'), 'delete', place)).toBe(false)
  expect(() => authorizeRecords(actor('none'), place)).not.toThrow()
})

it('says that the registry decides, and what it doesn’t', () => {
  expect(explainRight(actor('admin'), 'delete', OWN)).toEqual({ allowed: true, by: { registry: 'hub' } })
  expect(explainRight(actor('admin'), 'manage', OWN)).toMatchObject({ allowed: false, because: { kind: 'account' } })
})

it('no user of the file or of a provider can have the name of an account', () => {
  const name = accountName('hub', 'anna@example.com')
  expect(name).toBe('anna@example.com@registry:hub')
  expect(isAccountName(name) && isAccountOf(name, 'hub')).toBe(true)
  expect(isAccountOf(name, 'ub')).toBe(false)
  for (const other of ['anna', 'anna@hub', 'anna@registry.hub']) expect(isAccountName(other)).toBe(false)
  // The forms that `config-file-schema.ts` and `identity.ts` accept have no colon.
  expect(name).not.toMatch(/^[\p{L}\p{N}._@+-]*$/u)
})
