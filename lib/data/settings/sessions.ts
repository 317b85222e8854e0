import 'server-only'
import { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import type { Actor, UserActor } from '../../access/actor.ts'
import { holdsRight } from '../../access/authorize.ts'
import { currentSession } from '../../access/sessions/session.ts'
import { endSession, findSession, listSessions, type SessionRow } from '../../access/sessions/session-rows.ts'
import { config } from '../../config/config.ts'
import { browserName } from '../../format/browser-name.ts'
import { RegistryError } from '../../registry/errors.ts'
import { auditedStep } from '../audit/audited-step.ts'
import { recordRefused } from '../audit/record-refused.ts'

export interface SessionView extends Omit<SessionRow, 'beganAt' | 'seenAt'> {
  /** RFC 3339. */
  readonly began: string
  readonly seen: string
  readonly isCurrent: boolean
}

export interface SessionPage {
  readonly sessions: readonly SessionView[]
  /** Whether the reader may see everyone's. */
  readonly isAdmin: boolean
  /** There are more than are listed. */
  readonly isCutShort: boolean
}

const MOST_LISTED = 500

/** The actor's own sessions, or everyone's on an admin's request. @throws AccessError, StoreError */
export async function readSessions(actor: Actor, { everyone }: { readonly everyone: boolean }): Promise<SessionPage> {
  const user = signedIn(actor)
  const isAdmin = managesSessions(actor)
  const whose = everyone && isAdmin ? {} : { username: user.username }
  const rows = await listSessions(config().session, { ...whose, limit: MOST_LISTED + 1 })
  const current = await currentSession()
  const sessions = rows.slice(0, MOST_LISTED).map(({ beganAt, seenAt, browser, ...row }) => ({
    ...row,
    browser: browserName(browser),
    began: new Date(beganAt).toISOString(),
    seen: new Date(seenAt).toISOString(),
    isCurrent: row.id === current?.id,
  }))
  return { sessions, isAdmin, isCutShort: rows.length > MOST_LISTED }
}

export const sessionId = z.uuid()

/** Ends one of the actor's own sessions, or of anyone's for admins. @throws AccessError, AuditError, StoreError; RegistryError `not-found` */
export async function endOneSession(actor: Actor, id: string): Promise<null> {
  const user = signedIn(actor)
  const session = await findSession(id)
  if (!session || (session.username !== user.username && !managesSessions(actor))) {
    const error = new RegistryError('not-found', 'there is no such session')
    if (session) await recordRefused(actor, new AccessError('denied', 'manage', {}), { action: 'end-session' })
    throw error
  }
  const what = `session of ${session.username} from ${session.address}`
  await auditedStep(actor, { action: 'end-session', detail: { what } }, () => endSession(id))
  return null
}

/** Ends every session of the actor but the one that asks. @throws AccessError, AuditError, StoreError */
export async function endOtherSessions(actor: Actor): Promise<null> {
  const { username } = signedIn(actor)
  const current = await currentSession()
  const rows = await listSessions(config().session, { username, limit: MOST_LISTED })
  const others = rows.filter(({ id }) => id !== current?.id)
  const what = `${others.length} other ${others.length === 1 ? 'session' : 'sessions'} of ${username}`
  await auditedStep(actor, { action: 'end-session', detail: { what } }, async () => {
    for (const { id } of others) await endSession(id)
  })
  return null
}

/** Also while Lading is read-only: that is about registries. */
function managesSessions(actor: Actor): boolean {
  return holdsRight(actor, 'manage', {})
}

function signedIn(actor: Actor): UserActor {
  if (actor.kind !== 'user' || actor.only) throw new AccessError('sign-in')
  return actor
}
