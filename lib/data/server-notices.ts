import type { Actor, UserActor } from '../access/actor.ts'
import { maySeeSetup } from '../access/authorize.ts'
import { HOLDS_WITHOUT_PROVIDER } from '../access/sign-in/current-user.ts'
import { config, configProblem } from '../config/config.ts'
import { steadyNow } from '../config/steady-clock.ts'
import { formatAbsolute } from '../format/time.ts'
import { storeNotice } from '../problem/store-notice.ts'
import { storeProblem } from '../store/the-store.ts'

export interface ServerNotice {
  readonly title: string
  readonly detail: string
}

/** Problems of the server itself, for the people who can fix them or are affected. */
export function serverNotices(actor: Actor): ServerNotice[] {
  const notices: ServerNotice[] = []
  const isAdmin = maySeeSetup(actor)
  const problem = isAdmin ? configProblem() : undefined
  if (problem)
    notices.push({
      title: 'The configuration file has an error',
      detail: `That part isn’t applied until it’s corrected. ${problem}`,
    })
  const database = storeProblem()
  if (database && actor.kind === 'user') notices.push(storeNotice(database.code, isAdmin))
  const silent = actor.kind === 'user' ? silentProvider(actor) : undefined
  if (silent) notices.push(silent)
  return notices
}

/** Milliseconds: a provider is asked again about each user every minute. */
const SILENT_AFTER = 150_000

function silentProvider({ confirmedAt }: UserActor): ServerNotice | undefined {
  if (confirmedAt === undefined || steadyNow() - confirmedAt < SILENT_AFTER) return undefined
  const time = (at: number) => formatAbsolute(new Date(at).toISOString())
  return {
    title: `${config().oidc?.name ?? 'The provider'} can’t be asked about your groups`,
    detail: `You keep the groups you had at ${time(confirmedAt)}. If this isn’t resolved by ${time(confirmedAt + HOLDS_WITHOUT_PROVIDER)}, you’ll have to sign in again.`,
  }
}
