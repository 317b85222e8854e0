import { AccessError } from '../access/access-error.ts'
import type { Actor } from '../access/actor.ts'
import { config } from '../config/config.ts'

/** The key of one person's data (saved searches, pins); undefined for visitors. */
export function personOf(actor: Actor): string | undefined {
  if (actor.kind === 'user') return `user:${actor.username}`
  // All visitors count as one person if only this machine can connect.
  return config().anonymousOnLoopbackOnly && actor.role !== 'none' ? 'this machine' : undefined
}

/** @throws AccessError for visitors */
export function requiredPerson(actor: Actor): string {
  const person = personOf(actor)
  if (person === undefined) throw new AccessError('sign-in', 'browse', {})
  return person
}
