import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { attempt } from '../../problem/attempt.ts'
import { type RecentMoves, readRecentMoves } from '../history/read-recent-moves.ts'
import { type JobView, listJobs } from '../jobs/jobs.ts'
import { type NewFindings, readNewFindings } from '../policy/read-new-findings.ts'
import { readSavedSearches, type SavedSearch } from '../search/saved-searches.ts'
import { type PinnedRow, readPins } from './pins.ts'

/** What may need attention, besides the registries. */
export interface HomeNeeds {
  readonly moves: RecentMoves
  /** Running jobs, and those that failed or stopped recently. */
  readonly jobs: readonly JobView[]
  readonly pins: readonly PinnedRow[]
  readonly searches: readonly SavedSearch[]
  /** Absent without policies. */
  readonly findings?: NewFindings
}

/** A registry that is down fails each sync: the newest says it all. */
function withoutRepeats(jobs: readonly JobView[]): JobView[] {
  const seen = new Set<string>()
  return jobs.filter(({ kind, state, source }) => {
    if (kind !== 'sync' || state !== 'failed') return true
    const key = `${source?.registry}/${source?.repository ?? ''}`
    return !seen.has(key) && seen.add(key)
  })
}

/** A retention run may have stopped, or left something, although its job is done. */
function hasStopped({ state, runState, problem }: JobView): boolean {
  return state === 'failed' || (state === 'done' && runState !== undefined && problem !== undefined)
}

const NO_MOVES: RecentMoves = { entries: [], tags: 0, isLowerBound: false }

/** A job that stopped before this isn't news. */
const LATELY = 3 * 86_400_000

/** Unreadable parts are left out: notices report the problem. */
export async function readHomeNeeds(actor: Actor): Promise<HomeNeeds> {
  const [moves, jobs, pins, searches, findings] = await Promise.all([
    attempt(() => readRecentMoves(actor), actor),
    attempt(() => listJobs(actor), actor),
    attempt(() => readPins(actor), actor),
    attempt(() => readSavedSearches(actor), actor),
    attempt(() => readNewFindings(actor), actor),
  ])
  const isNews = (job: JobView) =>
    job.state === 'running' ||
    job.state === 'queued' ||
    (hasStopped(job) && job.ended !== undefined && Date.now() - Date.parse(job.ended) < LATELY)
  return {
    moves: moves.ok ? moves.value : NO_MOVES,
    jobs: jobs.ok ? withoutRepeats(jobs.value.filter(isNews)) : [],
    pins: pins.ok ? pins.value : [],
    searches: searches.ok ? searches.value : [],
    ...(findings.ok && findings.value && { findings: findings.value }),
  }
}
