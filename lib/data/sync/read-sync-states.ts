import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { syncStates } from '../../catalog/sync/sync-runs.ts'
import { theStore } from '../../store/the-store.ts'
import { visibleRegistries } from '../registries/registries.ts'

/** How the sync of a registry stands. Times are ISO 8601. */
export interface SyncStateView {
  readonly registry: string
  /** Repositories looked at so far, where one goes on. */
  readonly running?: { readonly done: number; readonly total: number }
  /** When the last one ended that saw everything. */
  readonly completeAt?: string
  /** What the last one ended with, where that wasn't everything. */
  readonly lastProblem?: { readonly at: string; readonly failed: number; readonly isStopped: boolean }
  /** Manifests that the last one couldn't read. */
  readonly problems: number
}

/** For each registry that the actor may see. Counts are of the whole registry, names of none. @throws StoreError */
export async function readSyncStates(actor: Actor): Promise<SyncStateView[]> {
  const states = await syncStates(await theStore())
  return visibleRegistries(actor).map(({ name }) => {
    const { running, last, completeAt } = states.get(name) ?? {}
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
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
