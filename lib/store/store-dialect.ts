import type { Expression, RawBuilder, SqlBool } from 'kysely'

/** Where SQLite and PostgreSQL differ. Everything else is the same statement on both. */
export interface StoreDialect {
  readonly name: 'sqlite' | 'postgres'
  /** `column in (ids)` for any number of ids, as one parameter. */
  isOneOf(column: Expression<number>, ids: readonly number[]): RawBuilder<SqlBool>
  /** Case-insensitive `like` with `\` as its escape; for ASCII names. */
  isLike(column: Expression<string>, pattern: string): RawBuilder<SqlBool>
  /** A list of numbers as rows of one column, `id`, in order: for joins that keep an order. */
  numbers(ids: readonly number[]): RawBuilder<{ id: number }>
  /** How the database would run a statement, a line a step. */
  readonly explain: string
  /** Rows that one `insert` may have: each has so many parameters, and statements have a limit. */
  rowsPerInsert(columns: number): number
  /** Collects statistics for the planner after much was written. */
  readonly analyze: string
}
