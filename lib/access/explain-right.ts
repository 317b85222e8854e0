import type { Grant, Role } from '../config/grant.ts'
import { matchesGlob } from '../filter/glob.ts'
import type { Place } from '../oci/place.ts'
import type { Actor } from './actor.ts'
import { allows, holdsRight, registryDecides } from './authorize.ts'
import { RIGHTS, type Right, type Verb } from './rights.ts'

/** Which rule lets an actor do something in a repository, or what is missing. */
export type Explanation =
  | {
      readonly allowed: true
      readonly by: { readonly role: Role } | { readonly grant: Grant } | { readonly registry: string }
    }
  | { readonly allowed: false; readonly because: Missing }

export type Missing =
  /** The right exists, but Lading is read-only. */
  | { readonly kind: 'read-only' }
  /** The request is made with an access token that isn't for this. */
  | { readonly kind: 'token' }
  /** The strongest grant that covers the repository, whose role doesn't include it. */
  | { readonly kind: 'role'; readonly grant?: Grant; readonly role?: Role }
  /** A grant that would include it if it named the separate right. */
  | { readonly kind: 'separate'; readonly right: string; readonly grant?: Grant; readonly role?: Role }
  /** No grant covers the repository. */
  | { readonly kind: 'nothing' }
  /** The actor signed in with their own account of the registry, and this isn't the registry's to allow. */
  | { readonly kind: 'account' }

/** `authorize` decides; this says why. */
export function explainRight(actor: Actor, verb: Verb, place: Place): Explanation {
  const right: Right = RIGHTS[verb]
  const covering = actor.grants.filter(
    (grant) => matchesGlob(grant.registry, place.registry) && matchesGlob(grant.repository, place.repository),
  )
  if (allows(actor, verb, place)) {
    if (registryDecides(actor, place.registry)) return { allowed: true, by: { registry: place.registry } }
    const role = actor.role === 'none' ? undefined : actor.role
    if (role && allows({ ...actor, grants: [] }, verb, place)) return { allowed: true, by: { role } }
    const grant = covering.find((one) => allows({ ...actor, role: 'none', grants: [one] }, verb, place))
    if (grant) return { allowed: true, by: { grant } }
  }
  return { allowed: false, because: missing(actor, verb, right, covering, place) }
}

function missing(actor: Actor, verb: Verb, right: Right, covering: readonly Grant[], place: Place): Missing {
  const { only: _, ...whole } = actor
  if (actor.only && holdsRight(whole, verb, place)) return { kind: 'token' }
  if (holdsRight(whole, verb, place)) return { kind: 'read-only' }
  if (registryDecides(actor, place.registry)) return { kind: 'account' }
  const grant = covering.find(({ role }) => right.roles.includes(role))
  const ownRole = actor.role !== 'none' && right.roles.includes(actor.role) ? actor.role : undefined
  if (right.separate && (grant || ownRole))
    return { kind: 'separate', right: right.separate, ...(grant ? { grant } : ownRole && { role: ownRole }) }
  const [strongest] = covering
  if (strongest) return { kind: 'role', grant: strongest }
  return actor.role === 'none' ? { kind: 'nothing' } : { kind: 'role', role: actor.role }
}
