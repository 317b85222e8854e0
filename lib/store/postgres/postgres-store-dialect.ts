import { sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'

/** PostgreSQL's limit on parameters of one statement is 65,535. */
const MOST_PARAMETERS = 60_000

export const postgresStoreDialect: StoreDialect = {
  name: 'postgres',
  isOneOf: (column, ids) => sql`${column} = any(${ids}::int[])`,
  isLike: (column, pattern) => sql`${column} ilike ${pattern}`,
  numbers: (ids) => sql`(select unnest(${ids}::int[]) as id)`,
  explain: 'explain',
  rowsPerInsert: (columns) => Math.floor(MOST_PARAMETERS / columns),
  analyze: 'analyze',
}
