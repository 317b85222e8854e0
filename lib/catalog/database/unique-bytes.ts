import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { isInSameRegistry } from './is-in-same-registry.ts'
import type { Visibility } from './visibility.ts'

/**
 * For each of these images of a repository the bytes that no other visible image of the registry needs: what deleting
 * it with its tags would free. As far as images have been read; those that haven't been are left out.
 * @throws StoreError
 */
export async function uniqueBytes(
  { store, repositories }: CatalogDatabase,
  visibility: Visibility,
  place: Place,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, number>> {
  const visible = await repositories.visible(visibility)
  const own = visible.at(place)
  if (!own || digests.length === 0) return new Map()
  const { read, dialect } = store
  const { rows } = await sql<{ digest: string; bytes: number | string | null }>`
    with shown as materialized (
      select id, ${dialect.digestText(sql.ref('digest'))} as digest from manifest
      where ${dialect.isOneOfDigests(sql.ref('digest'), digests)}
    ),
    needed as materialized (
      select distinct shown.id, shown.digest, mb.blob_id from shown
      join image i on i.manifest_id = shown.id
      join manifest_blob mb on mb.manifest_id = i.child_id and mb.is_foreign = 0
    )
    select needed.digest, sum(case when exists (
      select 1 from manifest_blob mb
      join image i on i.child_id = mb.manifest_id
      join tag t on t.manifest_id = i.manifest_id
      where mb.blob_id = needed.blob_id and (i.manifest_id <> needed.id or t.repository_id <> ${own.id})
        and ${isInSameRegistry(store, own, visible)}
    ) then 0 else b.size end) as bytes
    from needed join blob b on b.id = needed.blob_id group by needed.digest`.execute(read)
  // Digests are parsed before they are recorded.
  return new Map(rows.map(({ digest, bytes }) => [digest as Digest, Number(bytes ?? 0)]))
}
