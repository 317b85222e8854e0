import { sql } from 'kysely'
import type { Cell, CellType, StoreDialect } from '../store-dialect.ts'
import { storedDigest } from '../stored-digest.ts'

export const sqliteStoreDialect: StoreDialect = {
  name: 'sqlite',
  isOneOf: (column, ids) => sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`,
  isOneOfTexts: (column, texts) => sql`${column} in (select value from json_each(${JSON.stringify(texts)}))`,
  isOneOfDigests(column, digests) {
    const stored = digests.map((digest) => storedDigest(digest).toString('hex'))
    return sql`${column} in (select unhex(value) from json_each(${JSON.stringify(stored)}))`
  },
  digestText: (column) => sql`case length(${column})
    when 32 then 'sha256:' || lower(hex(${column})) when 64 then 'sha512:' || lower(hex(${column}))
    else cast(${column} as text) end`,
  isLike: (column, pattern) => (pattern.includes('\0') ? sql`1 = 0` : sql`${column} like ${pattern} escape '\\'`),
  jsonField: (column, field) => sql`(${column} ->> ${sql.lit(`$.${field}`)})`,
  rows(name, columns, rows) {
    const types = Object.values(columns)
    const cells = Object.keys(columns).map((column, index) => {
      const cell = sql`json_extract(value, ${sql.lit(`$[${index}]`)})`
      return sql`${types[index] === 'digest' ? sql`unhex(${cell})` : cell} as ${sql.ref(column)}`
    })
    const written = types.includes('digest')
      ? rows.map((row) => row.map((cell, at) => jsonCell(cell, types[at])))
      : rows
    return sql`(select ${sql.join(cells)} from json_each(${JSON.stringify(written)})) as ${sql.ref(name)}`
  },
  // Joined to a text: where it is a column of its own, it would become an array within another.
  packed: (columns) => sql`(json_group_array(json_array(${sql.join(columns)})) || '')`,
  empty: (tables) => tables.map((table) => sql`delete from ${sql.table(table)}`),
  now: sql`cast(unixepoch('subsec') * 1000 as int)`,
  explain: 'explain query plan',
}

function jsonCell(cell: Cell, type: CellType | undefined): Cell {
  return type === 'digest' && typeof cell === 'string' ? storedDigest(cell).toString('hex') : cell
}
