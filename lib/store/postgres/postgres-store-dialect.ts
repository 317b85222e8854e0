import { sql } from 'kysely'
import type { StoreDialect } from '../store-dialect.ts'
import { storedDigest } from '../stored-digest.ts'

export const postgresStoreDialect: StoreDialect = {
  name: 'postgres',
  isOneOf: (column, ids) => sql`${column} = any(${ids}::int[])`,
  isOneOfTexts: (column, texts) => sql`${column} = any(${texts}::text[])`,
  isOneOfDigests: (column, digests) => sql`${column} = any(${digests.map(storedDigest)}::bytea[])`,
  digestText: (column) => sql`case length(${column})
    when 32 then 'sha256:' || encode(${column}, 'hex') when 64 then 'sha512:' || encode(${column}, 'hex')
    else convert_from(${column}, 'UTF8') end`,
  isLike: (column, pattern) => (pattern.includes('\0') ? sql`1 = 0` : sql`${column} ilike ${pattern}`),
  jsonField: (column, field) => sql`(${column}::json ->> ${sql.lit(field)})`,
  rows(name, columns, rows) {
    const types = Object.entries(columns)
    const arrays = types.map(([, type], index) => {
      const cells = rows.map((row) => row[index])
      if (type !== 'digest') return sql`${cells}::${sql.raw(type)}[]`
      return sql`${cells.map((cell) => (typeof cell === 'string' ? storedDigest(cell) : null))}::bytea[]`
    })
    const names = types.map(([column]) => sql.ref(column))
    return sql`unnest(${sql.join(arrays)}) as ${sql.ref(name)}(${sql.join(names)})`
  },
  packed: (columns) => sql`coalesce(json_agg(json_build_array(${sql.join(columns)})), '[]')::text`,
  // Row by row it takes longer than a statement may, as each is looked for in the tables that refer to it.
  empty: (tables) => [sql`truncate ${sql.join(tables.map((table) => sql.table(table)))}`],
  now: sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`,
  explain: 'explain',
}
