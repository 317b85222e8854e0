import type { Config } from '../config/config.ts'
import { type Grant, ROLES, type Role } from '../config/grant.ts'
import type { Verb } from './rights.ts'

/** The sender of a request, with everything that decides their rights. Contains no secret. */
export type Actor = AnonymousActor | UserActor

/** The attributes of a user that decide their rights. */
export interface Person {
  readonly username: string
  readonly groups: readonly string[]
  readonly role?: Role
  readonly confirmedAt?: number
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
  /** When the provider last confirmed the groups, where one does; milliseconds since the epoch. */
  readonly confirmedAt?: number
  /** For people who signed in with their own account of a registry: in it, that registry decides what they may do. */
  readonly account?: RegistryAccount
}

/** An account of a registry that somebody has signed in with. */
export interface RegistryAccount {
  readonly registry: string
  /** The session that holds its credentials. */
  readonly session: string
}

/** Undefined for somebody who hasn't signed in. */
export function usernameOf(actor: Actor): string | undefined {
  return actor.kind === 'user' ? actor.username : undefined
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
  const { username, groups, confirmedAt } = user
  return { kind: 'user', username, groups, role, grants, readOnly, ...(confirmedAt !== undefined && { confirmedAt }) }
}

/**
 * Somebody who signed in with their own account of a registry. Elsewhere they may do what visitors may, and what grants
 * to exactly this name add. In the registry itself neither counts: see `registryDecides`.
 * @param username from `accountName`
 */
export function accountActor(
  config: Config,
  username: string,
  { registry, session }: RegistryAccount,
  open: Role | 'none',
): UserActor & { readonly account: RegistryAccount } {
  return {
    kind: 'user',
    username,
    groups: [],
    role: open,
    grants: config.grants.filter(({ subject }) => 'user' in subject && subject.user === username),
    readOnly: config.readOnly,
    account: { registry, session },
  }
}

/** Signing in never takes rights away. */
function stronger(one: Role | 'none', other: Role | 'none'): Role | 'none' {
  const order: readonly (Role | 'none')[] = ['none', ...ROLES]
  return order.indexOf(one) >= order.indexOf(other) ? one : other
}
