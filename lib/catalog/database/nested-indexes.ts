import type { Kysely } from 'kysely'
import { insertMissing, intern } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'

/** An index that another lists, itself or through one in between. */
export interface NestedIndex {
  readonly digest: string
  readonly mediaType: string
  /** Of the document. */
  readonly bytes: number
}

/**
 * Records which indexes lie in others.
 * @param tops ids of the outer ones, in order
 */
export async function writeNestedIndexes(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  manifests: readonly { readonly indexes?: readonly NestedIndex[] }[],
  tops: readonly number[],
): Promise<void> {
  const nested = manifests.flatMap(({ indexes = [] }, at) =>
    indexes.map((index) => ({ ...index, top: tops[at] as number })),
  )
  const children = await intern(
    db,
    dialect,
    {
      table: 'manifest',
      columns: { digest: 'digest', media_type: 'text', type: 'text', bytes: 'int' },
      rows: nested.map(({ digest, mediaType, bytes }) => [digest, mediaType, 'index', bytes]),
    },
    1,
  )
  await insertMissing(db, dialect, {
    table: 'nested_index',
    columns: { manifest_id: 'int', child_id: 'int' },
    rows: nested.map(({ top }, at) => [top, children[at] as number]),
  })
}
