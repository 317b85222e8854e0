import { sql } from 'kysely'
import { namesOf } from '../../filter/names-of.ts'
import type { Query } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { queryCondition } from './query-condition.ts'
import { resolveQuery } from './resolve-query.ts'
import { NEWEST_TAG_FIRST } from './tag-order-by.ts'
import type { Visibility } from './visibility.ts'

/** Listed tags of a repository that satisfy a query, in no order. Callers have opened it. Those that have not been read satisfy none. @throws StoreError */
export async function matchingTags(
  database: CatalogDatabase,
  place: Place,
  { query, now }: { readonly query: Query; readonly now: number },
): Promise<string[]> {
  const { store, repositories } = database
  const own = await repositories.known(place)
  if (!own) return []
  const resolved = await resolveQuery(database, namesOf(query, 'tag'), [own])
  const condition = queryCondition(resolved.query, { dialect: store.dialect, now })
  const { rows } = await sql<{ name: string }>`
    select t.name from tag t
    where t.repository_id = ${own.id} and t.listed = 1 and exists (
      select 1 from image i join manifest m on m.id = i.manifest_id
      where i.manifest_id = t.manifest_id and ${condition}
    )`.execute(store.read)
  return rows.map(({ name }) => name)
}

/** Visible repositories of a registry whose newest tag satisfies a query. @throws StoreError */
export async function matchingRepositories(
  database: CatalogDatabase,
  { visibility, registry }: { readonly visibility: Visibility; readonly registry: string },
  { query, now }: { readonly query: Query; readonly now: number },
): Promise<RepositoryName[]> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const own = visible.of(registry).list
  if (own.length === 0) return []
  const resolved = await resolveQuery(database, namesOf(query, 'repo'), own)
  const condition = queryCondition(resolved.query, { dialect: store.dialect, now })
  const { rows } = await sql<{ repository_id: number }>`
    with newest as materialized (
      select (
        select t.id from tag t where t.repository_id = r.id and t.manifest_id is not null
        order by ${NEWEST_TAG_FIRST} limit 1
      ) as id
      from repository r where ${store.dialect.isOneOf(
        sql.ref('r.id'),
        own.map(({ id }) => id),
      )}
    )
    select t.repository_id from newest join tag t on t.id = newest.id
    where exists (
      select 1 from image i join manifest m on m.id = i.manifest_id
      where i.manifest_id = t.manifest_id and ${condition}
    )`.execute(store.read)
  return rows.flatMap(({ repository_id: id }) => visible.byId.get(id)?.name ?? [])
}
