import type { Actor } from '../access/actor.ts'
import { holdsRight } from '../access/authorize.ts'
import { configProblem } from '../config/config.ts'
import { storeNotice } from '../problem/store-notice.ts'
import { storeProblem } from '../store/the-store.ts'
import { jobsRunElsewhere } from './jobs/jobs.ts'

export interface ServerNotice {
  readonly title: string
  readonly detail: string
}

/** What is wrong with the server itself, for those who can do something about it or are hindered by it. */
export function serverNotices(actor: Actor): ServerNotice[] {
  const notices: ServerNotice[] = []
  const problem = holdsRight(actor, 'manage', {}) ? configProblem() : undefined
  if (problem)
    notices.push({
      title: 'The configuration file has an error',
      detail: `What it says there is not in force until it is corrected. ${problem}`,
    })
  if (actor.kind === 'user' && jobsRunElsewhere())
    notices.push({
      title: 'This Lading process runs no jobs',
      detail:
        'Another process uses the same DATA_DIR and does the background work. This one takes over when the other ends; until then you can browse here, but not start or cancel jobs.',
    })
  const database = storeProblem()
  if (database && actor.kind === 'user') notices.push(storeNotice(database.code))
  return notices
}
