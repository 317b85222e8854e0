import { z } from 'zod'
import { type Actor, actorOf } from '../../access/actor.ts'
import { holdsRight } from '../../access/authorize.ts'
import { config } from '../../config/config.ts'

/** Who asked for a job, as it is kept with it: enough to find out their rights anew when it starts. */
const ownerSchema = z.strictObject({ user: z.string().nullable(), local: z.boolean() })

export function ownerOf(actor: Actor): string {
  const user = actor.kind === 'user' ? actor.username : null
  // Kept only where it gives them no more than they had.
  const local = actorOf(config(), user ?? undefined, config().anonymousRole).role === actor.role
  return JSON.stringify({ user, local })
}

/** The owner with the rights they have now. */
export function actorBehind(owner: string): Actor {
  const { user, local } = ownerSchema.parse(JSON.parse(owner))
  return actorOf(config(), user ?? undefined, local ? config().anonymousRole : 'none')
}

export function ownerName(owner: string): string | undefined {
  return ownerSchema.parse(JSON.parse(owner)).user ?? undefined
}

/** One's own, and everyone's for who manages everything. */
export function maySeeJob(actor: Actor, owner: string): boolean {
  const name = ownerName(owner)
  const isOwn = actor.kind === 'user' ? name === actor.username : name === undefined
  return isOwn || holdsRight(actor, 'manage', {})
}
