import { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import { type Actor, accountActor, actorOf, usernameOf } from '../../access/actor.ts'
import { holdsRight } from '../../access/authorize.ts'
import { heldAccountOf } from '../../access/sessions/held-accounts.ts'
import { isAccountName, registryOfAccount } from '../../access/sign-in/account-name.ts'
import { findUser } from '../../access/sign-in/find-user.ts'
import { config } from '../../config/config.ts'
import { isRegistryError } from '../../registry/errors.ts'

/** The owner of a job, as stored with it: enough to look up their rights again when it starts. */
const ownerSchema = z.strictObject({
  user: z.string().nullable(),
  local: z.boolean(),
  server: z.literal(true).optional(),
  /** Work of the server that doesn't wait for its other work. */
  task: z.literal('retention').optional(),
})

/** For what the server does on its own. */
export const SERVER = JSON.stringify({ user: null, local: false, server: true } satisfies z.input<typeof ownerSchema>)

/** For scheduled jobs: they don't wait for syncs, and users' jobs don't wait for them. */
export const RETENTION = JSON.stringify({
  user: null,
  local: false,
  server: true,
  task: 'retention',
} satisfies z.input<typeof ownerSchema>)

export function ownerOf(actor: Actor): string {
  const user = usernameOf(actor) ?? null
  // Kept only if it grants no more than before.
  const local = actorOf(config(), fileUser(user), config().anonymousRole).role === actor.role
  return JSON.stringify({ user, local })
}

/**
 * The owner with the rights they have now. An account of a registry is there only while this process holds its
 * credentials.
 * @throws AccessError `account-gone`
 */
export async function actorBehind(owner: string): Promise<Actor> {
  const { user, local } = ownerSchema.parse(JSON.parse(owner))
  if (user !== null && isAccountName(user)) {
    const held = await heldAccountOf(user)
    if (!held) throw new AccessError('account-gone')
    return accountActor(config(), user, held, local ? config().anonymousRole : 'none')
  }
  const known = user === null ? undefined : await findUser(config(), user)
  return actorOf(config(), known, local ? config().anonymousRole : 'none')
}

function fileUser(username: string | null) {
  return config().users.find((candidate) => candidate.username === username)
}

/** The owner for limits: users' own jobs don't wait for the server's. */
export function personBehind(owner: string): string {
  const { user, server, task } = ownerSchema.parse(JSON.parse(owner))
  return server ? ` ${task ?? 'server'}` : (user ?? '')
}

export function ownerName(owner: string): string | undefined {
  return ownerSchema.parse(JSON.parse(owner)).user ?? undefined
}

/** Users see their own jobs; admins see all, and the server's. */
export function maySeeJob(actor: Actor, owner: string): boolean {
  const { user, server } = ownerSchema.parse(JSON.parse(owner))
  const isOwn = !server && user === (usernameOf(actor) ?? null)
  return isOwn || holdsRight(actor, 'manage', {})
}

/**
 * Runs the work of a user. What fails in a registry because they have signed out meanwhile says so.
 * @throws AccessError `account-gone`
 */
export async function whileHeld(name: string | undefined, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isRegistryError(error)) await assertHeld(name)
    throw error
  }
}

/** That a user who signed in with their own account of a registry hasn't signed out. @throws AccessError `account-gone` */
export async function assertHeld(name: string | undefined): Promise<void> {
  if (name !== undefined && isAccountName(name) && !(await heldAccountOf(name))) throw new AccessError('account-gone')
}

/** An owner who signed in with their own account of a registry, as the reader of a problem; undefined for anyone else. */
export function accountBehind(owner: string): Actor | undefined {
  const name = ownerName(owner)
  const registry = name === undefined ? undefined : registryOfAccount(name)
  return name !== undefined && registry !== undefined
    ? accountActor(config(), name, { registry, session: '' }, 'none')
    : undefined
}
