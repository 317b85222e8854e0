import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { namesOf } from '../../filter/names-of.ts'
import type { Query } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
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

/** Repositories by their newest tag. */
export interface JudgedRepositories {
  readonly found: ReadonlySet<string>
  /** Of which too little has been read to tell. */
  readonly unknown: ReadonlySet<string>
}

/** What each of the queries finds among the visible repositories of a registry, read in one go. @throws StoreError */
export async function judgeRepositories(
  database: CatalogDatabase,
  { visibility, registry }: { readonly visibility: Visibility; readonly registry: string },
  { queries, now }: { readonly queries: readonly Query[]; readonly now: number },
): Promise<readonly JudgedRepositories[]> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const own = visible.of(registry).list
  const judgements = queries.map(async (query) => {
    const resolved = await resolveQuery(database, namesOf(query, 'repo'), own)
    const condition = queryCondition(resolved.query, { dialect: store.dialect, now, tellsUnknown: true })
    const isAny = (what: RawBuilder<SqlBool>) => sql`exists (
      select 1 from image i join manifest m on m.id = i.manifest_id where i.manifest_id = t.manifest_id and ${what}
    )`
    return sql`case when ${isAny(condition)} then 'found' when ${isAny(sql`(${condition}) is null`)} then 'unknown' end`
  })
  // What was listed whole and has no tag has nothing to read.
  const isRead = sql`case when newest.id is not null then 1
    when r.tags_complete = 1 and not exists (select 1 from tag t where t.repository_id = r.id) then 1 else 0 end`
  const rows = await readPacked<[id: number, isRead: number, ...judgements: ('found' | 'unknown' | null)[]]>(
    store,
    [sql.ref('r.id'), isRead, ...(await Promise.all(judgements))],
    sql`from (with newest as materialized (${newestOf(store, own)}) select * from newest) as newest
      join repository r on r.id = newest.repository_id left join tag t on t.id = newest.id`,
  )
  const judged = queries.map(() => ({ found: new Set<string>(), unknown: new Set<string>() }))
  for (const [id, isRead, ...judgements] of rows) {
    const name = visible.byId.get(id)?.name
    if (name === undefined) continue
    for (const [at, { found, unknown }] of judged.entries()) {
      if (judgements[at] === 'found') found.add(name)
      else if (!isRead || judgements[at] === 'unknown') unknown.add(name)
    }
  }
  return judged
}

/** The newest tag of each repository that has been read, if any. */
function newestOf({ dialect }: Store, repositories: readonly { readonly id: number }[]) {
  return sql`
    select r.id as repository_id, (
      select t.id from tag t where t.repository_id = r.id and t.manifest_id is not null
      order by ${NEWEST_TAG_FIRST} limit 1
    ) as id
    from repository r where ${dialect.isOneOf(
      sql.ref('r.id'),
      repositories.map(({ id }) => id),
    )}`
}
