import type { Grant } from '../config/grant.ts'
import type { Actor } from './actor.ts'
import { isAnyRegistry, isUnlimited } from './grant-scope.ts'

/** A user's rights in words: `operator in team-a/**`, strongest first. Empty for a user without any. */
export function describeRights({ role, grants, ...actor }: Pick<Actor, 'role' | 'grants'> & Partial<Actor>): string[] {
  const account = 'account' in actor && actor.account ? [`own account of ${actor.account.registry}`] : []
  const everywhere = [...account, ...(role === 'none' ? [] : [role])]
  // An admin everywhere needs no grant.
  if (role === 'admin') return everywhere
  return [...new Set([...grants.map(grantText), ...everywhere])]
}

/** A grant in words: `operator in team-a/** (may delete)`. */
export function grantText(grant: Grant): string {
  const { role, registry, repository, allow } = grant
  const place = isAnyRegistry(grant) ? repository : `${registry}/${repository}`
  const where = isUnlimited(grant) ? role : `${role} in ${place}`
  return role === 'operator' && allow.length > 0 ? `${where} (may ${allow.join(', ')})` : where
}
