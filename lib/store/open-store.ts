import { openPostgres } from './postgres/open-postgres.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'
import type { Store } from './store.ts'

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Opens the database, creates it where it doesn't exist yet, and brings its tables up to date. @throws StoreError */
export function openStore(location: StoreLocation): Promise<Store> {
  return location.kind === 'sqlite' ? openSqlite(location.file) : openPostgres(location.url)
}
