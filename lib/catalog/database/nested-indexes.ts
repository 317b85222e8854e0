import type { Kysely } from 'kysely'
import { insertMissing } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { type ListedManifest, manifestIds } from './manifest-ids.ts'

/**
 * Records which indexes lie in others.
 * @param tops ids of the outer ones, in order
 */
export async function writeNestedIndexes(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  manifests: readonly { readonly indexes?: readonly ListedManifest[] }[],
  tops: readonly number[],
): Promise<void> {
  const nested = manifests.flatMap(({ indexes = [] }, at) =>
    indexes.map((index) => ({ ...index, top: tops[at] as number })),
  )
  const children = await manifestIds(db, dialect, 'index', nested)
  await insertMissing(db, dialect, {
    table: 'nested_index',
    columns: { manifest_id: 'int', child_id: 'int' },
    rows: nested.map(({ top }, at) => [top, children[at] as number]),
  })
}
