import { sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Store } from '../../store/store.ts'

/** A complete list of the registry lacks the repository, and it has no tags. It comes back when it is seen again. @throws StoreError */
export async function recordGoneRepository(
  { write }: Store,
  { registry, repository }: Place,
  at: number,
): Promise<void> {
  await write.transaction().execute(async (db) => {
    await sql`
      update repository set gone_at = ${at}
      where name = ${repository} and registry_id = (select id from registry where name = ${registry})
        and gone_at is null and not exists (select 1 from tag where tag.repository_id = repository.id)`.execute(db)
    await sql`
      update catalog_state set version = version + 1, repository_version = repository_version + 1`.execute(db)
  })
}
