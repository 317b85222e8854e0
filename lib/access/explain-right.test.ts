import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Grant, ROLES, SEPARATE_RIGHTS } from '../config/grant.ts'
import { parseRepositoryName } from '../oci/reference.ts'
import type { Actor } from './actor.ts'
import { allows } from './authorize.ts'
import { explainRight } from './explain-right.ts'
import { RIGHTS, type Verb } from './rights.ts'

const place = { registry: 'hub', repository: parseRepositoryName('team-a/app') }
const verbs = Object.keys(RIGHTS) as Verb[]
const grants = fc.array(
  fc.record({
    subject: fc.constant({ user: 'anna' }),
    role: fc.constantFrom(...ROLES),
    registry: fc.constantFrom('*', 'hub', 'other'),
    repository: fc.constantFrom('**', 'team-a/**', 'team-b/**', 'team-a/app'),
    allow: fc.subarray([...SEPARATE_RIGHTS]),
  }),
  { maxLength: 4 },
)
const actors = fc
  .record({
    role: fc.constantFrom('none' as const, ...ROLES),
    grants,
    readOnly: fc.boolean(),
    only: fc.option(fc.subarray(verbs), { nil: undefined }),
  })
  .map((rights): Actor => {
    const { only, ...rest } = rights
    return { kind: 'user', username: 'anna', groups: [], ...rest, ...(only && { only }) }
  })

it('explains exactly what is decided, and names the rule that decides it', () => {
  fc.assert(
    fc.property(actors, fc.constantFrom(...verbs), (actor, verb) => {
      const found = explainRight(actor, verb, place)
      expect(found.allowed).toBe(allows(actor, verb, place))
      if (!found.allowed || 'registry' in found.by) return
      const alone: Actor =
        'role' in found.by ? { ...actor, grants: [] } : { ...actor, role: 'none', grants: [found.by.grant] }
      expect(allows(alone, verb, place)).toBe(true)
    }),
  )
})

const grant = (more: Partial<Grant>): Grant => ({
  subject: { group: 'makers' },
  role: 'operator',
  registry: '*',
  repository: 'team-a/**',
  allow: ['delete'],
  ...more,
})
const anna = (more: Partial<Actor>): Actor =>
  ({ kind: 'user', username: 'anna', groups: ['makers'], role: 'none', grants: [], readOnly: false, ...more }) as Actor

it.each<[string, Partial<Actor>, Verb, object]>([
  [
    'the separate right that a grant lacks',
    { grants: [grant({})] },
    'overwrite-tag',
    { kind: 'separate', right: 'overwrite' },
  ],
  ['a role that does not include it', { grants: [grant({ role: 'viewer' })] }, 'create-tag', { kind: 'role' }],
  [
    'that no grant covers the repository',
    { grants: [grant({ repository: 'team-b/**' })] },
    'browse',
    { kind: 'nothing' },
  ],
  ['that Lading is read-only', { role: 'admin', readOnly: true }, 'delete', { kind: 'read-only' }],
  ['that the token is not for it', { role: 'admin', only: ['browse'] }, 'export', { kind: 'token' }],
])('names %s', (_, rights, verb, because) => {
  expect(explainRight(anna(rights), verb, place)).toMatchObject({ allowed: false, because })
})
