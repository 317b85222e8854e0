import type { Expression, RawBuilder, SqlBool } from 'kysely'

/** Where SQLite and PostgreSQL differ. Everything else is the same statement on both. */
export type Cell = string | number | null

export interface StoreDialect {
  readonly name: 'sqlite' | 'postgres'
  /** `column in (ids)` for any number of ids, as one parameter. */
  isOneOf(column: Expression<number>, ids: readonly number[]): RawBuilder<SqlBool>
  isOneOfTexts(column: Expression<string>, texts: readonly string[]): RawBuilder<SqlBool>
  /** Case-insensitive `like` with `\` as its escape; for ASCII names. */
  isLike(column: Expression<string>, pattern: string): RawBuilder<SqlBool>
  /** Rows as one parameter, to select from under a name: for writing thousands at once. */
  rows(
    name: string,
    columns: Readonly<Record<string, 'int' | 'bigint' | 'text'>>,
    rows: readonly (readonly Cell[])[],
  ): RawBuilder<unknown>
  /** How the database would run a statement, a line a step. */
  readonly explain: string
  /** Collects statistics for the planner after much was written. */
  readonly analyze: string
}
