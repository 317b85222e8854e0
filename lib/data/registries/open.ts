import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import type { Verb } from '../../access/rights.ts'
import { heldAccountOf } from '../../access/sessions/held-accounts.ts'
import { isAccountOf } from '../../access/sign-in/account-name.ts'
import { isApart } from '../../catalog/the-catalog.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { accountRegistry } from './account-registries.ts'
import { registryByName, visibleRegistry } from './registries.ts'

/**
 * The one door to a repository: nobody gets one without naming what they are about to do in it. A hidden repository
 * looks the same as one that doesn't exist.
 * @throws AccessError; RegistryError `not-found` for a registry that is not configured
 */
export function openRepository(actor: Actor, verb: Verb, place: Place & { readonly tag?: Tag }): Repository {
  authorize(actor, verb, place)
  return visibleRegistry(actor, place.registry).repository(place.repository)
}

/**
 * For what Lading has recorded of a repository, which somebody's own credentials may not show.
 * @throws AccessError `records` for one that was opened with the actor's own account
 */
export function assertRecorded({ registry, name }: Repository): void {
  if (isApart(registry)) throw new AccessError('records', 'browse', { registry: registry.name, repository: name })
}

/**
 * For work that goes on after the request of the person behind it: with their own credentials where they signed in with
 * an account of the registry, and with Lading's otherwise.
 * @param name of the user, as it is recorded
 * @throws AccessError `account-gone`
 */
export async function openForUser(name: string | undefined, place: Place): Promise<Repository | undefined> {
  if (name === undefined || !isAccountOf(name, place.registry)) return openForServer(place)
  const held = await heldAccountOf(name)
  if (!held) throw new AccessError('account-gone')
  return accountRegistry(held).repository(place.repository)
}

/** For work that the server does on its own, such as finishing what a crash interrupted. */
export function openForServer({ registry, repository }: Place): Repository | undefined {
  return registryByName(registry)?.repository(repository)
}
