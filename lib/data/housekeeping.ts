import { pruneHistory } from './history/prune-history.ts'
import { pruneTrash } from './trash/prune-trash.ts'

const HOUR = 3_600_000

/** Deletes expired data: once now, and every hour until the signal is aborted. */
export function keepHouseHourly(signal: AbortSignal): void {
  const prune = () => {
    void pruneTrash().catch((error) => console.error('The trash can’t be pruned', error))
    void pruneHistory().catch((error) => console.error('The history can’t be pruned', error))
  }
  prune()
  const timer = setInterval(prune, HOUR).unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}
