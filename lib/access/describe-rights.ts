import type { Grant } from '../config/grant.ts'
import type { Actor } from './actor.ts'

/** What someone may do, in words: `operator in team-a/**`, strongest first. Empty for who may see nothing. */
export function describeRights({ role, grants }: Pick<Actor, 'role' | 'grants'>): string[] {
  const everywhere = role === 'none' ? [] : [role]
  // An admin everywhere needs no grant.
  if (role === 'admin') return everywhere
  return [...new Set([...grants.map(grantText), ...everywhere])]
}

function grantText({ role, registry, repository, allow }: Grant): string {
  const isAnyRegistry = /^\*+$/.test(registry)
  const place = isAnyRegistry ? repository : `${registry}/${repository}`
  const where = isAnyRegistry && repository === '**' ? role : `${role} in ${place}`
  return role === 'operator' && allow.length > 0 ? `${where} (may ${allow.join(', ')})` : where
}
