import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Store } from './store.ts'

/**
 * Rows as arrays of numbers and texts, brought over as one text: a reader or a server sends a hundred thousand rows in
 * the time that ten thousand take one by one.
 * @param from everything after `select …`; the order of the rows is not kept
 * @throws StoreError
 */
export async function readPacked<Row extends readonly unknown[]>(
  { read, dialect }: Pick<Store, 'read' | 'dialect'>,
  columns: readonly Expression<unknown>[],
  from: RawBuilder<unknown>,
): Promise<Row[]> {
  const { rows } = await sql<{ packed: string }>`select ${dialect.packed(columns)} as packed ${from}`.execute(read)
  return JSON.parse(rows[0]?.packed ?? '[]')
}
