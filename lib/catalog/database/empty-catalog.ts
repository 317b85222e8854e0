import { sql } from 'kysely'
import { assertUnused } from '../../store/leases/assert-unused.ts'
import type { Store } from '../../store/store.ts'

/** Ordered so that no row refers to a deleted one. */
const TABLES = [
  'policy_finding',
  'policy_check',
  'referrer_count',
  'tag_event',
  'tag',
  'tag_name',
  'sync_run',
  'label',
  'image',
  'manifest_blob',
  'nested_index',
  'manifest',
  'blob',
  'platform',
  'label_value',
  'label_key',
] as const

/**
 * Drops what the catalog has seen of the registries, for the next sync to fill it again. Labels that people added are
 * kept, along with the names of their repositories.
 * @throws StoreError, also while a server uses the database: it would keep using deleted ids
 */
export async function emptyCatalog({ write, dialect }: Store): Promise<void> {
  await write.transaction().execute(async (db) => {
    await assertUnused(db, dialect)
    for (const statement of dialect.empty(TABLES)) await statement.execute(db)
    await sql`
      delete from repository where not exists (select 1 from added_label where repository_id = repository.id)`.execute(
      db,
    )
    await sql`
      update repository set gone_at = null, tags_seen = null, tags_complete = 0, listed = 0, generation = generation + 1,
        list_seen = null, list_partial = null, list_pushed = null, list_folded = null, folded = 0, list_hash = null,
        looked_at = null`.execute(db)
    await sql`
      delete from registry where not exists (select 1 from repository where registry_id = registry.id)`.execute(db)
    await sql`
      update registry set listed_at = null, list_partial = null, is_outdated = 0, list_version = list_version + 1`.execute(
      db,
    )
    await sql`
      update catalog_state set version = version + 1, repository_version = repository_version + 1, tags = 0, images = 0`.execute(
      db,
    )
  })
}
