import { changeJournal } from '../changes/change-journal.ts'
import { trashTime } from './kept-until.ts'

/** Forgets what was removed more than TRASH_DAYS ago. What isn't settled yet stays. @returns how many */
export async function pruneTrash(now = Date.now()): Promise<number> {
  return changeJournal().forgetBefore(new Date(now - trashTime()))
}
