import { type Kysely, sql } from 'kysely'
import type { Cell, CellType, StoreDialect } from './store-dialect.ts'
import type { Tables } from './tables.ts'

/** Rows of one table, as arrays in the order of `columns`. */
export interface NewRows {
  readonly table: keyof Tables
  readonly columns: Readonly<Record<string, CellType>>
  readonly rows: readonly (readonly Cell[])[]
}

/** Inserts the rows that aren't there yet, by whatever of the table is unique. @returns how many were inserted */
export async function insertMissing(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { table, columns, rows }: NewRows,
): Promise<number> {
  if (rows.length === 0) return 0
  const names = Object.keys(columns).map((column) => sql.ref(column))
  const { numAffectedRows } = await sql`
    insert into ${sql.table(table)} (${sql.join(names)})
    select ${sql.join(names)} from ${dialect.rows('new', columns, rows)} where true
    on conflict do nothing`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/**
 * The ids of rows by what is unique in them, inserted where they are missing.
 * @param unique the first of the columns, which identify a row
 * @returns an id for each row, in order
 */
export async function intern(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { table, columns, rows }: NewRows,
  unique: number,
): Promise<number[]> {
  if (rows.length === 0) return []
  await insertMissing(db, dialect, { table, columns, rows: distinctRows(rows, unique) })
  return idsOf(db, dialect, { table, columns, rows }, unique)
}

/**
 * The last of those with the same key, in the order of their keys: two transactions that write the same rows in different
 * orders would wait for each other on PostgreSQL.
 */
export function distinctRows(rows: NewRows['rows'], unique: number): readonly (readonly Cell[])[] {
  const byKey = new Map(rows.map((row) => [keyOf(row.slice(0, unique)), row]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}

/** The ids of rows that are there, by what is unique in them, in order. */
export async function idsOf(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { table, columns, rows }: NewRows,
  unique: number,
): Promise<number[]> {
  const distinct = [...new Map(rows.map((row) => [keyOf(row.slice(0, unique)), row])).values()]
  const keys = Object.entries(columns).slice(0, unique)
  const wanted = dialect.rows(
    'wanted',
    Object.fromEntries(keys),
    distinct.map((row) => row.slice(0, unique)),
  )
  const isSame = keys.map(([column]) => sql`${sql.table(table)}.${sql.ref(column)} = wanted.${sql.ref(column)}`)
  const selected = keys.map(([column, type]) => {
    const cell = sql.ref<Uint8Array>(`wanted.${column}`)
    return sql`${type === 'digest' ? dialect.digestText(cell) : cell} as ${sql.ref(column)}`
  })
  const found = await sql<Record<string, Cell>>`
    select ${sql.table(table)}.id as id, ${sql.join(selected)}
    from ${wanted} join ${sql.table(table)} on ${sql.join(isSame, sql` and `)}`.execute(db)
  const ids = new Map(found.rows.map((row) => [keyOf(keys.map(([column]) => row[column])), row.id as number]))
  return rows.map((row) => {
    const id = ids.get(keyOf(row.slice(0, unique)))
    if (id === undefined) throw new Error(`A row of ${table} that was just written is gone`)
    return id
  })
}

function keyOf(cells: readonly unknown[]): string {
  return JSON.stringify(cells)
}
