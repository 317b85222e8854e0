import { sql } from 'kysely'
import type { RepositoryName } from '../../oci/reference.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import type { Visibility } from './visibility.ts'

export interface RepositoryStorage {
  readonly registry: string
  readonly repository: RepositoryName
  readonly tags: number
  /** Bytes of the distinct configs and layers that its tags need. */
  readonly total: number
  /** Of these, what no other visible repository of the registry needs: what deleting it would free. */
  readonly unique: number
}

/**
 * Bytes by repository, the largest first; each blob counts once in a repository.
 * Repositories that aren't visible count for nothing, so `unique` may be more than the registry would free.
 * @throws StoreError
 */
export async function storageSums(
  { store, repositories }: CatalogDatabase,
  { visibility, registry }: { readonly visibility: Visibility; readonly registry: string },
): Promise<RepositoryStorage[]> {
  const visible = await repositories.visible(visibility)
  const wanted = visible.list.filter((repository) => repository.registry === registry)
  if (wanted.length === 0) return []
  const { rows } = await sql<{ repository_id: number; total: number; single: number }>`
    with shown as materialized (
      select distinct t.repository_id, t.manifest_id from tag t
      where t.manifest_id is not null and ${store.dialect.isOneOf(
        sql.ref('t.repository_id'),
        wanted.map(({ id }) => id),
      )}
    ),
    needed as materialized (
      select distinct shown.repository_id, mb.blob_id from shown
      join image i on i.manifest_id = shown.manifest_id
      join manifest_blob mb on mb.manifest_id = i.child_id
    ),
    users as materialized (select blob_id, count(*) as repositories from needed group by blob_id)
    select needed.repository_id, sum(b.size) as total,
      sum(case when users.repositories = 1 then b.size else 0 end) as single
    from needed join users on users.blob_id = needed.blob_id join blob b on b.id = needed.blob_id
    group by needed.repository_id`.execute(store.read)
  const tags = await tagCounts({ store, repositories }, visibility, registry)
  return rows
    .flatMap(({ repository_id: id, total, single }) => {
      const repository = visible.byId.get(id)
      if (!repository) return []
      return [{ registry, repository: repository.name, tags: tags.get(id) ?? 0, total, unique: single }]
    })
    .sort((a, b) => b.total - a.total || (a.repository < b.repository ? -1 : 1))
}

async function tagCounts({ store, repositories }: CatalogDatabase, visibility: Visibility, registry: string) {
  const visible = await repositories.visible(visibility)
  const ids = visible.list.filter((repository) => repository.registry === registry).map(({ id }) => id)
  const { rows } = await sql<{ repository_id: number; tags: number }>`
    select repository_id, count(*) as tags from tag
    where ${store.dialect.isOneOf(sql.ref('repository_id'), ids)} group by repository_id`.execute(store.read)
  return new Map(rows.map((row) => [row.repository_id, row.tags]))
}
