import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import type { Verb } from '../../access/rights.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { registryByName, visibleRegistry } from './registries.ts'

/**
 * The one door to a repository: nobody gets one without naming what they are about to do in it. A repository that may
 * not be seen looks the same as one that does not exist.
 * @throws AccessError; RegistryError `not-found` for a registry that is not configured
 */
export function openRepository(actor: Actor, verb: Verb, place: Place & { readonly tag?: Tag }): Repository {
  authorize(actor, verb, place)
  return visibleRegistry(actor, place.registry).repository(place.repository)
}

/** For work that the server does on its own, such as finishing what a crash interrupted. */
export function openForServer({ registry, repository }: Place): Repository | undefined {
  return registryByName(registry)?.repository(repository)
}
