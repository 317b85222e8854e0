import { expect, it } from 'vitest'
import type { Grant } from '../config/grant.ts'
import type { Actor } from './actor.ts'
import { hasLostRights } from './lost-rights.ts'

const team: Grant = { subject: { user: 'bo' }, role: 'viewer', registry: '*', repository: 'team/**', allow: [] }
const web: Grant = { ...team, repository: 'web/**' }
const bo: Actor = { kind: 'user', username: 'bo', groups: [], role: 'viewer', grants: [team], readOnly: false }
const visitor: Actor = { kind: 'anonymous', role: 'viewer', grants: [], readOnly: false }

it.each<[string, Actor, Actor, boolean]>([
  ['nothing has changed', bo, { ...bo, grants: [{ ...team }] }, false],
  ['a grant was added', bo, { ...bo, grants: [web, team] }, false],
  ['a grant has gone', bo, { ...bo, grants: [web] }, true],
  ['a grant allows less', { ...bo, grants: [{ ...team, allow: ['delete'] }] }, bo, true],
  ['a grant allows more', bo, { ...bo, grants: [{ ...team, allow: ['delete'] }] }, false],
  ['a grant has a higher role', bo, { ...bo, grants: [{ ...team, role: 'operator' }] }, false],
  ['a grant has a lower role', { ...bo, grants: [{ ...team, role: 'operator' }] }, bo, true],
  ['a grant comes by a group', bo, { ...bo, grants: [{ ...team, subject: { group: 'staff' } }] }, false],
  ['the role is higher', bo, { ...bo, role: 'admin' }, false],
  ['the role is lower', bo, { ...bo, role: 'none' }, true],
  ['the user has signed out', bo, visitor, true],
  ['somebody else has signed in', bo, { ...bo, username: 'anna' }, true],
  ['visitors may see nothing any more', visitor, { ...visitor, role: 'none' }, true],
])('finds out whether rights are lost: %s', (_, before, now, isLost) => {
  expect(hasLostRights(before, now)).toBe(isLost)
})
