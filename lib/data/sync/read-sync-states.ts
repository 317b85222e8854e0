import 'server-only'
import { cache } from 'react'
import type { Actor } from '../../access/actor.ts'
import { syncStates } from '../../catalog/sync/sync-runs.ts'
import { theStore } from '../../store/the-store.ts'
import { recordedRegistries } from '../registries/registries.ts'
import { syncJob } from './sync-job.ts'

/** How the sync of a registry stands. Times are ISO 8601. */
export interface SyncStateView {
  readonly registry: string
  /** Repositories checked so far by a running sync; none of none until it begins. */
  readonly running?: { readonly done: number; readonly total: number }
  /** When the last one ended that saw everything. */
  readonly completeAt?: string
  /** What the last one ended with, where that wasn't everything. */
  readonly lastProblem?: { readonly at: string; readonly failed: number; readonly isStopped: boolean }
  /** Manifests that the last one couldn't read. */
  readonly problems: number
}

/** For each registry that the actor may see; once for a page. Counts are of the whole registry, names of none. @throws StoreError */
export const readSyncStates = cache(async (actor: Actor): Promise<SyncStateView[]> => {
  const [states, asked] = await Promise.all([theStore().then(syncStates), syncJob.unfinished()])
  const waiting = new Set(asked.filter(({ repository }) => repository === undefined).map(({ registry }) => registry))
  return recordedRegistries(actor).map(({ name }) => {
    const { running = waiting.has(name) ? { done: 0, total: 0 } : undefined, last, completeAt } = states.get(name) ?? {}
    const isWhole = !last || last.state === 'complete'
    return {
      registry: name,
      ...(running && { running: { done: running.done, total: running.total } }),
      ...(completeAt !== undefined && { completeAt: iso(completeAt) }),
      ...(!isWhole &&
        last.endedAt !== undefined && {
          lastProblem: {
            at: iso(last.endedAt),
            failed: last.failed,
            isStopped: last.state === 'failed' || last.state === 'cancelled',
          },
        }),
      problems: last?.problems ?? 0,
    }
  })
})

function iso(at: number): string {
  return new Date(at).toISOString()
}
