import { sql } from 'kysely'
import type { Digest } from '../../oci/digest.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'

export interface TagOnManifest {
  readonly manifest: number
  readonly digest: Digest
  readonly tag: Tag
  readonly checkedAt: number
  readonly generation: number
}

/** Tags of a repository by the manifest they are on, highest version first. */
export async function tagsOnManifests(
  store: Store,
  repository: number,
  manifests: readonly number[],
): Promise<ReadonlyMap<number, readonly TagOnManifest[]>> {
  if (manifests.length === 0) return new Map()
  const { rows } = await sql<{
    manifest_id: number
    digest: Digest
    name: Tag
    checked_at: number | null
    generation: number
  }>`
    select t.manifest_id, ${store.dialect.digestText(sql.ref('m.digest'))} as digest, t.name, t.checked_at, t.generation
    from tag t join manifest m on m.id = t.manifest_id
    where t.repository_id = ${repository} and t.known = 1 and t.error is null
      and ${store.dialect.isOneOf(sql.ref('t.manifest_id'), manifests)}
    order by t.version_key desc, t.name asc`.execute(store.read)
  const tags = rows.map((row) => ({
    manifest: row.manifest_id,
    digest: row.digest,
    tag: row.name,
    checkedAt: row.checked_at ?? 0,
    generation: row.generation,
  }))
  return Map.groupBy(tags, ({ manifest }) => manifest)
}
