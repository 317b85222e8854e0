import type { Kysely } from 'kysely'
import type { ImageType } from '../../filter/query.ts'
import { intern } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'

/** A manifest that an index lists, as far as the index says. */
export interface ListedManifest {
  readonly digest: string
  readonly mediaType: string
  /** Of the document. */
  readonly bytes: number
}

/** The ids of manifests that were listed, in order. Those that aren't there yet get a row that says no more than this. */
export function manifestIds(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  type: ImageType,
  listed: readonly ListedManifest[],
): Promise<number[]> {
  const columns = { digest: 'digest', media_type: 'text', type: 'text', bytes: 'int' } as const
  const rows = listed.map(({ digest, mediaType, bytes }) => [digest, mediaType, type, bytes])
  return intern(db, dialect, { table: 'manifest', columns, rows }, 1)
}
