import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { namesOf } from '../../filter/names-of.ts'
import type { Query } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { isUnknown, queryCondition } from './query-condition.ts'
import { resolveQuery } from './resolve-query.ts'
import { NEWEST_TAG_FIRST } from './tag-order-by.ts'
import type { Visibility } from './visibility.ts'

/** Names that a query was asked of. */
export interface Judged {
  readonly found: ReadonlySet<string>
  /** Of which too little has been read to tell. */
  readonly unknown: ReadonlySet<string>
}

/** What a query finds among the listed tags of a repository. Callers have opened it. @throws StoreError */
export async function judgeTags(
  database: CatalogDatabase,
  place: Place,
  { query, now }: { readonly query: Query; readonly now: number },
): Promise<Judged> {
  const { store, repositories } = database
  const own = await repositories.known(place)
  const judged = { found: new Set<string>(), unknown: new Set<string>() }
  if (!own) return judged
  const asked = namesOf(query, 'tag')
  const resolved = await resolveQuery(database, asked, [own])
  const condition = queryCondition(resolved.query, { dialect: store.dialect, now, tellsUnknown: true })
  const rows = await readPacked<[name: string, verdict: Judgement]>(
    store,
    [sql.ref('name'), sql.ref('verdict')],
    sql`from (with judged as materialized (
        select t.name, ${verdictOf(condition)} as verdict from tag t where t.repository_id = ${own.id} and t.listed = 1
      ) select * from judged where verdict is null or verdict > 0) as judged`,
  )
  const byName = compileQuery(asked, now)
  const { registry, name: repository } = own
  for (const [tag, verdict] of rows) {
    if (verdict === FOUND) judged.found.add(tag)
    else if (verdict === UNKNOWN || byName({ registry, repository, tag, has: {} }) !== false) judged.unknown.add(tag)
  }
  return judged
}

const [FOUND, UNKNOWN, NOT_FOUND] = [2, 1, 0] as const
/** Null: no image of it is recorded. What a table shows of it is less. */
type Judgement = typeof FOUND | typeof UNKNOWN | typeof NOT_FOUND | null

/** What a condition says of the images of a tag `t`: the most that it says of any. */
function verdictOf(condition: RawBuilder<SqlBool>) {
  return sql`(
    select max(case when ${condition} then ${sql.lit(FOUND)} when ${isUnknown(condition)} then ${sql.lit(UNKNOWN)} else ${sql.lit(NOT_FOUND)} end)
    from image i join manifest m on m.id = i.manifest_id where i.manifest_id = t.manifest_id
  )`
}

/** What each of the queries finds, by the newest tag of each repository, among the visible repositories of a registry, read in one go. @throws StoreError */
export async function judgeRepositories(
  database: CatalogDatabase,
  { visibility, registry }: { readonly visibility: Visibility; readonly registry: string },
  { queries, now }: { readonly queries: readonly Query[]; readonly now: number },
): Promise<readonly Judged[]> {
  const { store } = database
  const visible = await database.repositories.visible(visibility)
  const own = visible.of(registry).list
  const judgements = queries.map(async (query) => {
    const resolved = await resolveQuery(database, namesOf(query, 'repo'), own)
    const condition = queryCondition(resolved.query, { dialect: store.dialect, now, tellsUnknown: true })
    return verdictOf(condition)
  })
  // What was listed whole and has no tag has nothing to read.
  const isEmpty = sql`case when t.id is null and r.tags_complete = 1
    and not exists (select 1 from tag where tag.repository_id = r.id) then 1 else 0 end`
  const rows = await readPacked<[id: number, isEmpty: number, ...judgements: Judgement[]]>(
    store,
    [sql.ref('r.id'), isEmpty, ...(await Promise.all(judgements))],
    sql`from (with newest as materialized (${newestOf(store, own)}) select * from newest) as newest
      join repository r on r.id = newest.repository_id left join tag t on t.id = newest.id`,
  )
  const judged = queries.map(() => ({ found: new Set<string>(), unknown: new Set<string>() }))
  for (const [id, isEmpty, ...judgements] of rows) {
    const name = visible.byId.get(id)?.name
    if (name === undefined) continue
    for (const [at, { found, unknown }] of judged.entries()) {
      const judgement = judgements[at] ?? null
      if (judgement === FOUND) found.add(name)
      else if (judgement === UNKNOWN || (judgement === null && !isEmpty)) unknown.add(name)
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
