import { type Grant, ROLES } from '../config/grant.ts'
import { type Actor, usernameOf } from './actor.ts'

/**
 * Whether somebody may do less than before, or isn't the same person. Globs aren't compared: a grant whose globs were
 * edited counts as lost.
 */
export function hasLostRights(before: Actor, now: Actor): boolean {
  return (
    usernameOf(before) !== usernameOf(now) ||
    rankOf(before) > rankOf(now) ||
    before.grants.some((grant) => !now.grants.some((kept) => isAsMuch(kept, grant)))
  )
}

function isAsMuch(kept: Grant, before: Grant): boolean {
  return (
    kept.registry === before.registry &&
    kept.repository === before.repository &&
    rankOf(kept) >= rankOf(before) &&
    before.allow.every((right) => kept.allow.includes(right))
  )
}

function rankOf({ role }: Pick<Actor | Grant, 'role'>): number {
  return role === 'none' ? -1 : ROLES.indexOf(role)
}
