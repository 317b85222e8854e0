import { type Actor, actorOf } from '../../access/actor.ts'
import { findUser } from '../../access/sign-in/find-user.ts'
import type { Config } from '../../config/config.ts'

/** Whose rights are explained. */
export interface Subject {
  readonly kind: 'user' | 'group' | 'visitor'
  readonly name: string
  /** Whether a user or group of the name is known here; others may still sign in one day. */
  readonly isKnown: boolean
  readonly actor: Actor
}

/** The notation for a group where users are named. */
const GROUP = /^group:\s*(.+)$/i

/** The subject that somebody typed: a user's name, or `group:makers`. */
export async function subjectNamed(config: Config, typed: string): Promise<Subject> {
  const [, group] = GROUP.exec(typed.trim()) ?? []
  if (group !== undefined) {
    const isKnown =
      config.users.some(({ groups }) => groups.includes(group)) ||
      config.grants.some(({ subject }) => 'group' in subject && subject.group === group)
    // An impossible user name, so that only the group's grants count.
    const actor = actorOf(config, { username: '', groups: [group] }, 'none')
    return { kind: 'group', name: group, isKnown, actor }
  }
  const name = typed.trim()
  const user = await findUser(config, name)
  const actor = actorOf(config, user ?? { username: name, groups: [] }, 'none')
  return { kind: 'user', name, isKnown: user !== undefined, actor }
}

export function subjectOf(actor: Actor): Subject {
  if (actor.kind === 'anonymous') return { kind: 'visitor', name: '', isKnown: true, actor }
  return { kind: 'user', name: actor.username, isKnown: true, actor }
}
