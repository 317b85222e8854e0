import { type ChangeJournal, openChangeJournal } from '../../store/change-journal.ts'
import { openSqlite } from '../../store/sqlite/open-sqlite.ts'

/** A journal in a database of its own, which another process can open as well. @param file made where it is missing */
export function openJournal(file: string): ChangeJournal {
  let store: ReturnType<typeof openSqlite> | undefined
  return openChangeJournal(() => {
    store ??= openSqlite(file)
    return store
  })
}
