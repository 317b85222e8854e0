import type { Config } from '../config/config.ts'
import { type Grant, ROLES, type Role } from '../config/grant.ts'
import type { Verb } from './rights.ts'

/** Who makes a request, with everything that decides what they may do. Holds no secret. */
export type Actor = AnonymousActor | UserActor

/** What of a user decides their rights. */
export interface Person {
  readonly username: string
  readonly groups: readonly string[]
  readonly role?: Role
}

interface Rights {
  /** Holds everywhere; grants add to it. */
  readonly role: Role | 'none'
  readonly grants: readonly Grant[]
  /** Lading refuses every change, to everyone. */
  readonly readOnly: boolean
  /** For requests with an access token: nothing else is allowed, whatever its owner may do. */
  readonly only?: readonly Verb[]
}
export interface AnonymousActor extends Rights {
  readonly kind: 'anonymous'
}
export interface UserActor extends Rights {
  readonly kind: 'user'
  readonly username: string
  readonly groups: readonly string[]
}

/**
 * A user with the grants of the configuration as it is now; anonymous without one.
 * @param user from `findUser`
 * @param open what the request may do without signing in: see `anonymousRole`
 */
export function actorOf(config: Config, user: Person | undefined, open: Role | 'none'): Actor {
  const { readOnly } = config
  if (!user) return { kind: 'anonymous', role: open, grants: [], readOnly }
  const grants = config.grants.filter(({ subject }) =>
    'user' in subject ? subject.user === user.username : user.groups.includes(subject.group),
  )
  const role = stronger(user.role ?? 'none', open)
  return { kind: 'user', username: user.username, groups: user.groups, role, grants, readOnly }
}

/** Signing in never takes rights away. */
function stronger(one: Role | 'none', other: Role | 'none'): Role | 'none' {
  const order: readonly (Role | 'none')[] = ['none', ...ROLES]
  return order.indexOf(one) >= order.indexOf(other) ? one : other
}
