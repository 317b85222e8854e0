import type { Expression, RawBuilder, SqlBool } from 'kysely'

/** Where SQLite and PostgreSQL differ. Everything else is the same statement on both. */
export type Cell = string | number | null
/** `digest`: written as text, stored as bytes. */
export type CellType = 'int' | 'bigint' | 'text' | 'digest'

export interface StoreDialect {
  readonly name: 'sqlite' | 'postgres'
  /** `column in (ids)` for any number of ids, as one parameter. */
  isOneOf(column: Expression<number>, ids: readonly number[]): RawBuilder<SqlBool>
  isOneOfTexts(column: Expression<string>, texts: readonly string[]): RawBuilder<SqlBool>
  /** Digests as they are written, of a column that holds them as bytes. */
  isOneOfDigests(column: Expression<Uint8Array>, digests: readonly string[]): RawBuilder<SqlBool>
  /** The digest as it is written, of a column that holds it as bytes. */
  digestText(column: Expression<Uint8Array | null>): RawBuilder<string>
  /**
   * Case-insensitive `like` with `\` as its escape; for ASCII names. No text has a NUL, which PostgreSQL refuses and
   * SQLite ends at.
   */
  isLike(column: Expression<string>, pattern: string): RawBuilder<SqlBool>
  /** A field of a JSON object, as text; of an array, its JSON. Null where it isn't there. */
  jsonField(column: Expression<string>, field: string): RawBuilder<string | null>
  /** Rows as one parameter, to select from under a name: for writing thousands at once. */
  rows(
    name: string,
    columns: Readonly<Record<string, CellType>>,
    rows: readonly (readonly Cell[])[],
  ): RawBuilder<unknown>
  /** All rows as the text of one JSON array, each an array of its columns. */
  packed(columns: readonly Expression<unknown>[]): RawBuilder<string>
  /** Deletes all rows of tables that refer to each other at most. Other rows must not refer to them. */
  empty(tables: readonly string[]): readonly RawBuilder<unknown>[]
  /** Milliseconds since the epoch by the clock of the database, which all replicas share. */
  readonly now: RawBuilder<number>
  /** How the database would run a statement, a line a step. */
  readonly explain: string
}
