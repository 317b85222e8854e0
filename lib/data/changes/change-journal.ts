import { type ChangeJournal, openChangeJournal } from '../../store/change-journal.ts'
import { theStore } from '../../store/the-store.ts'

const journal = openChangeJournal(theStore)

/** Saves what changes delete or overwrite before they do, for every process on the database. */
export function changeJournal(): ChangeJournal {
  return journal
}
