import { config } from '../../config/config.ts'
import { changeJournal } from '../changes/change-journal.ts'

const DAY = 86_400_000

/** Forgets what was removed more than TRASH_DAYS ago. What isn't settled yet stays. @returns how many */
export async function pruneTrash(now = Date.now()): Promise<number> {
  return changeJournal().forgetBefore(new Date(now - config().trashDays * DAY))
}
