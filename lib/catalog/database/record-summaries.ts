import { type Kysely, sql } from 'kysely'
import type { ImageType } from '../../filter/query.ts'
import { distinctRows } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { createdAt, type ManifestSummary, storedSummary } from './stored-summary.ts'

const MANIFEST = {
  digest: 'digest',
  media_type: 'text',
  type: 'text',
  bytes: 'int',
  created: 'bigint',
  size: 'bigint',
  summary: 'text',
} as const

/** Records the data of table rows about manifests. Their images and labels are recorded by `recordManifests`. */
export async function recordSummaries(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  summaries: readonly ManifestSummary[],
): Promise<void> {
  const rows = summaries.map((summary) => [
    summary.digest,
    summary.mediaType,
    typeOf(summary),
    summary.manifestBytes,
    createdAt(summary) ?? null,
    summary.size ?? null,
    storedSummary(summary),
  ])
  if (rows.length === 0) return
  const names = Object.keys(MANIFEST).map((column) => sql.ref(column))
  // Content by digest never changes: there is only more data if something couldn't be read before.
  await sql`
    insert into manifest (${sql.join(names)})
    select ${sql.join(names)} from ${dialect.rows('new', MANIFEST, distinctRows(rows, 1))} where true
    on conflict (digest) do update
    set summary = excluded.summary, created = excluded.created, size = excluded.size
    where manifest.summary is null or manifest.summary <> excluded.summary`.execute(db)
}

function typeOf({ kind, artifact }: ManifestSummary): ImageType {
  if (kind === 'schema1') return 'schema1'
  if (artifact !== undefined) return 'artifact'
  return kind === 'index' ? 'index' : 'image'
}
