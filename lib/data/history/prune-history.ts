import { pruneEvents } from '../../catalog/database/prune-events.ts'
import { config } from '../../config/config.ts'
import { theStore } from '../../store/the-store.ts'

const DAY = 86_400_000

/** Before this nothing is kept; milliseconds since the epoch. Undefined: history is kept for ever. */
export function historyKeptSince(now = Date.now()): number | undefined {
  const { historyDays } = config()
  return historyDays === undefined ? undefined : now - historyDays * DAY
}

/** Forgets what happened to tags more than HISTORY_DAYS ago. @returns how many events @throws StoreError */
export async function pruneHistory(now = Date.now()): Promise<number> {
  const since = historyKeptSince(now)
  return since === undefined ? 0 : pruneEvents(await theStore(), since)
}
