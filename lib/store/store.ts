import type { Kysely } from 'kysely'
import type { StoreDialect } from './store-dialect.ts'
import type { Tables } from './tables.ts'

/** The database. Statements fail with `StoreError`. */
export interface Store {
  /** For transactions and single writes. */
  readonly write: Kysely<Tables>
  /** For everything else: on SQLite several readers that never wait for a writer. */
  readonly read: Kysely<Tables>
  /** The same for reports and exports, which read everything: on SQLite a reader that gives way to those of pages. */
  readonly readAll: Kysely<Tables>
  readonly dialect: StoreDialect
  /** Absent on SQLite, where usually one process has the database: others on its file don't take turns with it. */
  readonly locks?: Locks
  /** Statements of one report that may run at once. */
  readonly reportReaders: number
  /** For people, without a password: a file or a URL. */
  readonly location: string
  /** Bytes on disk. */
  size(): Promise<number>
  close(): Promise<void>
}

/** Locks that all processes of the database share, and that end with the process that holds them. */
export interface Locks {
  /**
   * @param name held once at a time in this process: callers see to that
   * @param patience milliseconds to wait for another process
   * @returns what gives it back; undefined while another process holds it. @throws StoreError
   */
  hold(name: string, patience: number): Promise<(() => Promise<void>) | undefined>
}

/** For all that a report or an export reads. */
export function forReport(store: Store): Store {
  return { ...store, read: store.readAll }
}
