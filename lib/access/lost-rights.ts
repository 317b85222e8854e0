import { ROLES } from '../config/grant.ts'
import type { Actor } from './actor.ts'

/** Whether somebody may do less than before, or isn't the same person. A grant that was edited counts as lost. */
export function hasLostRights(before: Actor, now: Actor): boolean {
  const kept = new Set(now.grants.map((grant) => JSON.stringify(grant)))
  return (
    nameOf(before) !== nameOf(now) ||
    rankOf(before) > rankOf(now) ||
    before.grants.some((grant) => !kept.has(JSON.stringify(grant)))
  )
}

function nameOf(actor: Actor): string | undefined {
  return actor.kind === 'user' ? actor.username : undefined
}

function rankOf({ role }: Actor): number {
  return role === 'none' ? -1 : ROLES.indexOf(role)
}
