import type { Actor } from './actor.ts'
import { addressGroup } from './connection.ts'

/** Whom quotas count for: the user, also by a token, or everyone at the same address who hasn't signed in. */
export function quotaKey(actor: Actor, address: string): string {
  return actor.kind === 'user' ? `user ${actor.username}` : `address ${addressGroup(address)}`
}
