import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { readableGlobs } from '../../access/authorize.ts'
import { config } from '../../config/config.ts'

/**
 * Whether the actor may read the name and the query of a policy that finds nothing among what they may see: a query can
 * name repositories.
 */
export function seesAllPolicies(actor: Actor): boolean {
  return config().registries.every(({ name }) => readableGlobs(actor, 'browse', name).includes('**'))
}
