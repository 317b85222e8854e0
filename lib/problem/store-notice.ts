import type { StoreErrorCode } from '../store/store-error.ts'
import { ASK_ADMIN } from './problem.ts'

/** What people read while the database can't be used: what happened, what still works, what to do. */
export function storeNotice(
  code: StoreErrorCode,
  isAdmin: boolean,
): { readonly title: string; readonly detail: string } {
  return {
    title: TITLES[code],
    detail: `Browsing works from the registries; search, labels and history wait for the database. ${storeAdvice(code, isAdmin)}`,
  }
}

export function storeAdvice(code: StoreErrorCode, isAdmin: boolean): string {
  return isAdmin ? ADVICE[code] : ASK_ADMIN
}

export function storeTitle(code: StoreErrorCode): string {
  return TITLES[code]
}

const TITLES: Readonly<Record<StoreErrorCode, string>> = {
  newer: 'The database was written by a newer Lading',
  unreachable: 'The database can’t be reached',
  locked: 'The database is locked by another process',
  full: 'The database has no space left',
  'read-only': 'The database is read-only',
  damaged: 'The database is damaged',
  failed: 'The database can’t be used',
}

const ADVICE: Readonly<Record<StoreErrorCode, string>> = {
  newer: 'Start the newer version again, or restore a backup from before the update.',
  unreachable: 'Check DATABASE_URL and that PostgreSQL is running, or that DATA_DIR can be written to.',
  locked: 'Make sure no other program has the database open.',
  full: 'Free space on the disk that holds DATA_DIR, or on the PostgreSQL server.',
  'read-only': 'Make DATA_DIR writable for the user that runs Lading, or give the PostgreSQL role write access.',
  damaged:
    'Restore a backup, or delete lading.db: Lading reads the registries again, but history and added labels are lost.',
  failed: 'The server’s log has the details.',
}
