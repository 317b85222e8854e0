import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Store } from '../../store/store.ts'
import type { CatalogTagPage, ImagePage, Seen, TagQuery } from '../catalog.ts'
import { originalPushTimes } from './record-tag-list.ts'
import { repositoryState } from './repository-state.ts'
import type { SteadyClock } from './steady-clock.ts'
import { originalText } from './stored-text.ts'
import { filterCondition } from './tag-filter.ts'
import { tagOrderBy } from './tag-order-by.ts'
import { tagsOnManifests } from './tags-on-manifests.ts'

/** One page of the tags of a repository. @throws FormatError `pattern`, StoreError */
export async function readTagPage(
  store: Store,
  clock: SteadyClock,
  place: Place,
  query: TagQuery,
): Promise<Seen<CatalogTagPage> | undefined> {
  const state = await repositoryState(store.read, place)
  if (!state || state.list_seen === null) return undefined
  const matches = await filterCondition(store, state.id, query.filter)
  const [counts, names, list] = await Promise.all([
    readCounts(store, state.id, matches),
    sql<{ name: Tag }>`
      select t.name from tag t where t.repository_id = ${state.id} and t.listed = 1 and ${matches}
      order by ${tagOrderBy(query.sort, query.direction)}
      limit ${query.limit} offset ${query.offset}`.execute(store.read),
    store.read.selectFrom('repository').select('list_pushed').where('id', '=', state.id).executeTakeFirst(),
  ])
  const page: CatalogTagPage = {
    // Names are parsed before they are recorded.
    tags: names.rows.map(({ name }) => name),
    total: counts.total,
    matching: counts.matching,
    known: counts.known_matching,
    knownTotal: counts.known,
    folded: state.folded,
    hasLatest: counts.latest > 0,
    ...(state.list_partial !== null && { partial: originalText(state.list_partial) }),
    ...(list?.list_pushed && { pushed: originalPushTimes(list.list_pushed) }),
  }
  return clock.seen(page, state.list_seen, state.list_generation !== state.generation)
}

/** One page of the digests that tags are on, each where its first tag stands. @throws FormatError `pattern`, StoreError */
export async function readImagePage(
  store: Store,
  clock: SteadyClock,
  place: Place,
  query: TagQuery,
): Promise<Seen<ImagePage> | undefined> {
  const state = await repositoryState(store.read, place)
  if (!state || state.list_seen === null) return undefined
  const matches = await filterCondition(store, state.id, query.filter)
  const found = sql`
    from tag t where t.repository_id = ${state.id} and t.listed = 1 and t.known = 1 and t.error is null and ${matches}`
  const [counts, images, page] = await Promise.all([
    readCounts(store, state.id, matches),
    sql<{ images: number }>`select count(distinct t.manifest_id) as images ${found}`.execute(store.read),
    sql<{ manifest_id: number }>`
      select manifest_id from (
        select t.manifest_id, row_number() over (order by ${tagOrderBy(query.sort, query.direction)}) as place ${found}
      ) as ordered
      group by manifest_id order by min(place) limit ${query.limit} offset ${query.offset}`.execute(store.read),
  ])
  const ids = page.rows.map(({ manifest_id: id }) => id)
  const tags = await tagsOnManifests(store, state.id, ids)
  const value: ImagePage = {
    images: ids.flatMap((id) => {
      const on = tags.get(id)
      return on?.[0] ? [{ digest: on[0].digest, tags: on.map(({ tag }) => tag) }] : []
    }),
    matching: images.rows[0]?.images ?? 0,
    total: counts.total,
    known: counts.known,
    ...(state.list_partial !== null && { partial: originalText(state.list_partial) }),
  }
  return clock.seen(value, state.list_seen, state.list_generation !== state.generation)
}

interface Counts {
  readonly total: number
  readonly known: number
  readonly matching: number
  readonly known_matching: number
  readonly latest: number
}

async function readCounts({ read }: Store, repository: number, matches: RawBuilder<SqlBool>): Promise<Counts> {
  const { rows } = await sql<Counts>`
    select count(*) as total, coalesce(sum(t.known), 0) as known,
      coalesce(sum(case when ${matches} then 1 else 0 end), 0) as matching,
      coalesce(sum(case when ${matches} then t.known else 0 end), 0) as known_matching,
      coalesce(sum(case when t.name = 'latest' then 1 else 0 end), 0) as latest
    from tag t where t.repository_id = ${repository} and t.listed = 1`.execute(read)
  return rows[0] ?? { total: 0, known: 0, matching: 0, known_matching: 0, latest: 0 }
}
