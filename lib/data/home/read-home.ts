import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { attempt } from '../../problem/attempt.ts'
import type { HistoryEntry } from '../history/history-entry.ts'
import { readRecentMoves } from '../history/read-recent-moves.ts'
import { type JobView, listJobs } from '../jobs/jobs.ts'

/** What may need somebody, besides their registries. */
export interface HomeNeeds {
  readonly moves: readonly HistoryEntry[]
  /** Those that run, and those that stopped lately. */
  readonly jobs: readonly JobView[]
}

/** A job that stopped before is no news. */
const LATELY = 3 * 86_400_000

/** What can't be read is left out: home is for what is known, and notices say what is wrong. */
export async function readHomeNeeds(actor: Actor): Promise<HomeNeeds> {
  const [moves, jobs] = await Promise.all([attempt(() => readRecentMoves(actor)), attempt(() => listJobs(actor))])
  const isNews = ({ state, ended }: JobView) =>
    state === 'running' ||
    state === 'queued' ||
    (state === 'failed' && ended !== undefined && Date.now() - Date.parse(ended) < LATELY)
  return { moves: moves.ok ? moves.value : [], jobs: jobs.ok ? jobs.value.filter(isNews) : [] }
}
