import { config } from '../../config/config.ts'
import { changeJournal } from '../changes/change-journal.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

/** Forgets what was taken away longer ago than TRASH_DAYS. What isn't settled yet stays. @returns how many */
export async function pruneTrash(now = Date.now()): Promise<number> {
  const before = new Date(now - config().trashDays * DAY).toISOString()
  const journal = changeJournal()
  const old = (await journal.entries()).filter(({ began, outcome }) => outcome !== undefined && began < before)
  for (const { id } of old) await journal.forget(id)
  return old.length
}

/** Once now, and every hour from then on. */
export function pruneTrashHourly(): void {
  const prune = () => void pruneTrash().catch((error) => console.error('The trash can’t be pruned', error))
  prune()
  setInterval(prune, HOUR).unref()
}
