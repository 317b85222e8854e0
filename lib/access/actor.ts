import type { Config } from '../config/config.ts'
import { type Grant, ROLES, type Role } from '../config/grant.ts'

/** Who makes a request, with everything that decides what they may do. Holds no secret. */
export type Actor = AnonymousActor | UserActor

interface Rights {
  /** Holds everywhere; grants add to it. */
  readonly role: Role | 'none'
  readonly grants: readonly Grant[]
  /** Lading refuses every change, to everyone. */
  readonly readOnly: boolean
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
 * The user as the configuration has them now; anonymous if the user has been removed.
 * @param open what the request may do without signing in: see `anonymousRole`
 */
export function actorOf(config: Config, username: string | undefined, open: Role | 'none'): Actor {
  const user = username === undefined ? undefined : config.users.find((candidate) => candidate.username === username)
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
