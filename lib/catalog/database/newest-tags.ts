import { sql } from 'kysely'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { IS_UNREAD } from './is-unread.ts'
import { narrowRepositories } from './narrow-repositories.ts'
import { queryCondition } from './query-condition.ts'
import { readFoundTags } from './read-found-tags.ts'
import { resolveQuery } from './resolve-query.ts'
import { storedText, textHash } from './stored-text.ts'
import { NEWEST_TAG_FIRST } from './tag-order-by.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'

export interface NewestTags {
  /** One for each repository, those with the most missing keys first. */
  readonly tags: readonly NewestOfRepository[]
  /** Repositories in which the query may find something, and that have no tag that has been read. */
  readonly unread: readonly { readonly registry: string; readonly name: RepositoryName }[]
}

export interface NewestOfRepository {
  readonly id: number
  /** For each of the keys, whether no platform image has it, of those that could be read. */
  readonly missing: readonly boolean[]
}

/** The newest tag of each repository, where it satisfies the query. @throws StoreError */
export async function newestTags(
  database: CatalogDatabase,
  { query, visibility, now }: Pick<TagSearch, 'query' | 'visibility' | 'now'>,
  keys: readonly string[],
): Promise<NewestTags> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const { query: resolved } = await resolveQuery(database, query, visible.list)
  const repositories = narrowRepositories(resolved, visible.list)
  const isOneOf = store.dialect.isOneOf(
    sql.ref('r.id'),
    repositories.map(({ id }) => id),
  )
  const condition = queryCondition(resolved, { dialect: store.dialect, now })
  const { rows } = await sql<{
    repository_id: number
    id: number
    matches: number
    unread: number
    keys: string | null
  }>`
    with newest as materialized (
      select r.id as repository_id, (
        select t.id from tag t where t.repository_id = r.id and t.manifest_id is not null
        order by ${NEWEST_TAG_FIRST} limit 1
      ) as id
      from repository r where ${isOneOf}
    )
    select newest.repository_id, t.id,
      max(case when ${condition} then 1 else 0 end) as matches,
      min(case when ${IS_UNREAD} then 1 else 0 end) as unread,
      (select ${store.dialect.name === 'sqlite' ? sql`group_concat(hash)` : sql`string_agg(hash, ',')`} from (
        select distinct k.hash from image j join label l on l.image_id = j.id join label_key k on k.id = l.key_id
        where j.manifest_id = t.manifest_id and ${store.dialect.isOneOfTexts(sql.ref('k.hash'), keys.map(textHash))}
      ) present) as keys
    from newest join tag t on t.id = newest.id
    join manifest m on m.id = t.manifest_id join image i on i.manifest_id = m.id
    group by newest.repository_id, t.id, t.manifest_id`.execute(store.read)
  const positions = new Map(repositories.map(({ id }, index) => [id, index]))
  const matching = rows.filter(({ matches }) => matches === 1)
  const added = await addedToTags(
    store,
    matching.map(({ id }) => id),
    keys,
  )
  const tags = matching
    .map((row) => {
      const present = new Set(row.keys?.split(',') ?? [])
      const isMissing = (key: string) => !present.has(textHash(key)) && !added.get(row.id)?.has(key) && row.unread === 0
      return { ...row, missing: keys.map(isMissing) }
    })
    .sort(
      (a, b) =>
        count(b.missing) - count(a.missing) ||
        (positions.get(a.repository_id) ?? 0) - (positions.get(b.repository_id) ?? 0),
    )
  const read = new Set(rows.map(({ repository_id: id }) => id))
  const unread = repositories.filter(({ id }) => !read.has(id))
  const empty = await withoutTags(
    store,
    unread.map(({ id }) => id),
  )
  return {
    tags: tags.map(({ id, missing }) => ({ id, missing })),
    unread: unread.filter(({ id }) => !empty.has(id)),
  }
}

/** The keys that people added, by tag. */
async function addedToTags({ read, dialect }: Store, tags: readonly number[], keys: readonly string[]) {
  const { rows } = await sql<{ id: number; key: string }>`
    select t.id, a.key from added_label a
    join tag t on t.repository_id = a.repository_id join manifest m on m.id = t.manifest_id
    where ${dialect.isOneOfTexts(sql.ref('a.key'), keys.map(storedText))} and ${dialect.isOneOf(sql.ref('t.id'), tags)}
      and (a.digest = m.digest or exists (
        select 1 from image i join manifest c on c.id = i.child_id where i.manifest_id = m.id and c.digest = a.digest
      ))`.execute(read)
  return new Map(
    Array.from(
      Map.groupBy(rows, ({ id }) => id),
      ([id, of]) => [id, new Set(of.map(({ key }) => key))],
    ),
  )
}

function count(missing: readonly boolean[]): number {
  return missing.filter(Boolean).length
}

/** The details of some of them for a page, in order. @throws StoreError */
export async function readNewestTags(
  database: CatalogDatabase,
  { query, visibility, now }: Pick<TagSearch, 'query' | 'visibility' | 'now'>,
  ids: readonly number[],
): Promise<FoundTag[]> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const { query: resolved } = await resolveQuery(database, query, visible.list)
  const condition = queryCondition(resolved, { dialect: store.dialect, now })
  return readFoundTags(store, ids, { condition, keys: [], visible })
}

/** Those of these repositories whose complete list has no tag: there is nothing to read. */
async function withoutTags({ read, dialect }: Store, repositories: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`
    select r.id from repository r where ${dialect.isOneOf(sql.ref('r.id'), repositories)}
      and r.tags_complete = 1 and not exists (select 1 from tag t where t.repository_id = r.id)`.execute(read)
  return new Set(rows.map(({ id }) => id))
}
