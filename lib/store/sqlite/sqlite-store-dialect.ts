import { sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'

/** SQLite's limit on parameters of one statement is 32,766. */
const MOST_PARAMETERS = 30_000

export const sqliteStoreDialect: StoreDialect = {
  name: 'sqlite',
  isOneOf: (column, ids) => sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`,
  isLike: (column, pattern) => sql`${column} like ${pattern} escape '\\'`,
  numbers: (ids) => sql`(select value as id from json_each(${JSON.stringify(ids)}))`,
  explain: 'explain query plan',
  rowsPerInsert: (columns) => Math.floor(MOST_PARAMETERS / columns),
  analyze: 'pragma optimize = 0x10002',
}
