import { sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'

export const postgresStoreDialect: StoreDialect = {
  name: 'postgres',
  isOneOf: (column, ids) => sql`${column} = any(${ids}::int[])`,
  isOneOfTexts: (column, texts) => sql`${column} = any(${texts}::text[])`,
  isLike: (column, pattern) => sql`${column} ilike ${pattern}`,
  rows(name, columns, rows) {
    const types = Object.entries(columns)
    const arrays = types.map(([, type], index) => sql`${rows.map((row) => row[index])}::${sql.raw(type)}[]`)
    const names = types.map(([column]) => sql.ref(column))
    return sql`unnest(${sql.join(arrays)}) as ${sql.ref(name)}(${sql.join(names)})`
  },
  explain: 'explain',
  analyze: 'analyze',
}
