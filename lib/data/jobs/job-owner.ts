import { z } from 'zod'
import { type Actor, actorOf } from '../../access/actor.ts'
import { holdsRight } from '../../access/authorize.ts'
import { findUser } from '../../access/sign-in/find-user.ts'
import { config } from '../../config/config.ts'

/** Who asked for a job, as it is kept with it: enough to look up their rights again when it starts. */
const ownerSchema = z.strictObject({
  user: z.string().nullable(),
  local: z.boolean(),
  server: z.literal(true).optional(),
})

/** For what the server does on its own. */
export const SERVER = JSON.stringify({ user: null, local: false, server: true } satisfies z.input<typeof ownerSchema>)

export function ownerOf(actor: Actor): string {
  const user = actor.kind === 'user' ? actor.username : null
  // Kept only where it gives them no more than they had.
  const local = actorOf(config(), fileUser(user), config().anonymousRole).role === actor.role
  return JSON.stringify({ user, local })
}

/** The owner with the rights they have now. */
export async function actorBehind(owner: string): Promise<Actor> {
  const { user, local } = ownerSchema.parse(JSON.parse(owner))
  const known = user === null ? undefined : await findUser(config(), user)
  return actorOf(config(), known, local ? config().anonymousRole : 'none')
}

function fileUser(username: string | null) {
  return config().users.find((candidate) => candidate.username === username)
}

/** Whom the limits count a job for: nobody's own jobs wait for the server's. */
export function personBehind(owner: string): string {
  const { user, server } = ownerSchema.parse(JSON.parse(owner))
  return server ? ' server' : (user ?? '')
}

export function ownerName(owner: string): string | undefined {
  return ownerSchema.parse(JSON.parse(owner)).user ?? undefined
}

/** Users see their own jobs; admins see all, and the server's. */
export function maySeeJob(actor: Actor, owner: string): boolean {
  const { user, server } = ownerSchema.parse(JSON.parse(owner))
  const isOwn = !server && user === (actor.kind === 'user' ? actor.username : null)
  return isOwn || holdsRight(actor, 'manage', {})
}
