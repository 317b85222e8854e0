import type { Kysely } from 'kysely'
import { openPostgres } from './postgres/open-postgres.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'
import type { StoreDialect } from './store-dialect.ts'
import type { Tables } from './tables.ts'

/** The database. Statements fail with `StoreError`. */
export interface Store {
  /** For transactions and single writes. */
  readonly write: Kysely<Tables>
  /** For everything else: on SQLite several readers that never wait for a writer. */
  readonly read: Kysely<Tables>
  readonly dialect: StoreDialect
  /** For people, without a password: a file or a URL. */
  readonly location: string
  /** Bytes on disk. */
  size(): Promise<number>
  close(): Promise<void>
}

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Opens the database, creates it where it doesn't exist yet, and brings its tables up to date. @throws StoreError */
export function openStore(location: StoreLocation): Promise<Store> {
  return location.kind === 'sqlite' ? openSqlite(location.file) : openPostgres(location.url)
}
