import { sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'

export const sqliteStoreDialect: StoreDialect = {
  name: 'sqlite',
  isOneOf: (column, ids) => sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`,
  isOneOfTexts: (column, texts) => sql`${column} in (select value from json_each(${JSON.stringify(texts)}))`,
  isLike: (column, pattern) => sql`${column} like ${pattern} escape '\\'`,
  rows(name, columns, rows) {
    const cells = Object.keys(columns).map(
      (column, index) => sql`json_extract(value, ${sql.lit(`$[${index}]`)}) as ${sql.ref(column)}`,
    )
    return sql`(select ${sql.join(cells)} from json_each(${JSON.stringify(rows)})) as ${sql.ref(name)}`
  },
  explain: 'explain query plan',
  analyze: 'analyze',
}
