import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { versionKey } from '../../oci/version-key.ts'
import type { Store } from '../../store/store.ts'
import { estimateQuery, isSelective, type QueryEstimate } from './estimate-query.ts'
import { narrowRepositories } from './narrow-repositories.ts'
import { queryCondition, tagCondition } from './query-condition.ts'
import type { KnownRepository, VisibleRepositories } from './repository-index.ts'
import type { Resolved } from './resolve-query.ts'
import { compareInRepository, IN_REPOSITORY, isBehind, type TagInRepository } from './tag-order-by.ts'
import type { TagSearch, TagSearchSort } from './tag-search.ts'

interface FindTags extends Pick<TagSearch, 'sort' | 'after' | 'limit' | 'now'> {
  readonly resolved: Resolved
  readonly visible: VisibleRepositories
  readonly signal?: AbortSignal | undefined
  /** Where it is known already. */
  readonly estimate?: QueryEstimate
  /** Default: what the counts suggest. Both find the same. */
  readonly plan?: 'walk' | 'images'
}

interface FoundIds {
  /** Of tags, in order. */
  readonly ids: readonly number[]
  readonly next?: string
}

/** Tags that are walked through in the order of the page before the images are searched instead. */
const WALKED = 30_000
/** Repositories: estimates are rough, and each step is a query. */
const MOST_AT_FIRST = 50
/** Tags of several repositories that are read at once; where they have more, one repository is read at a time. */
const MOST_OF_SEVERAL = 1_000

/**
 * The ids of one page. When many tags match, the shortest way is to walk them in the order of the page and stop when it
 * is full; when few do, to find their images first, by the rarest label where there is one. Counts say which; a walk
 * that finds too little after `WALKED` tags gives way, so that a wrong guess costs little.
 */
export async function findTags(store: Store, search: FindTags): Promise<FoundIds> {
  const repositories = narrowRepositories(search.resolved, search.visible.list)
  if (repositories.length === 0) return { ids: [] }
  const estimate = search.estimate ?? (await estimateQuery(store, search.resolved))
  const cursor = parseCursor(search.after, search.sort)
  const plan = search.plan ?? (isSelective(estimate) ? 'images' : 'walk')
  const walked = plan === 'images' ? undefined : await walk(store, { ...search, estimate }, repositories, cursor)
  const rows = walked ?? (await searchImages(store, search, repositories, cursor, estimate))
  const page = rows.slice(0, search.limit)
  const last = page.at(-1)
  return {
    ids: page.map(({ id }) => id),
    ...(rows.length > search.limit && last && { next: printCursor(last, search.sort) }),
  }
}

interface Row extends TagInRepository {
  readonly id: number
  readonly repository_id: number
  /** What is sorted by, besides the repository. */
  readonly rank: number
}

const ROW = sql`t.id, t.repository_id, t.name, t.listed, t.version_key`

type Walk = FindTags & { readonly estimate: QueryEstimate }

/** Undefined when the walk ended before the page was full. */
function walk(store: Store, search: Walk, repositories: readonly KnownRepository[], cursor: Cursor | undefined) {
  return search.sort === 'repository'
    ? walkRepositories(store, search, repositories, cursor)
    : walkColumn(store, search, repositories, cursor, RANKS[search.sort])
}

/** Some repositories at a time, more each time, in the order of their names, which is known here. */
async function walkRepositories(
  store: Store,
  search: Walk,
  repositories: readonly KnownRepository[],
  cursor: Cursor | undefined,
): Promise<Row[] | undefined> {
  const start = cursor ? repositories.findIndex(({ id }) => id === cursor.rank) : 0
  const rows: Row[] = []
  let walked = 0
  let at = Math.max(0, start)
  let size = firstStep(search)
  while (at < repositories.length) {
    search.signal?.throwIfAborted()
    const some = repositories.slice(at, at + size)
    const order = new Map(some.map(({ id }, index) => [id, index]))
    const ids = some.map(({ id }) => id)
    const page = search.limit + 1
    const most = some.length === 1 ? page : Math.max(MOST_OF_SEVERAL, page)
    const [found, tags] = await Promise.all([
      matchingTagsOf(store, search, { repositories: ids, after: at === start ? cursor : undefined, limit: most }),
      countTags(store, ids),
    ])
    if (some.length > 1 && found.length === most) {
      size = 1
      continue
    }
    const orderOf = (row: Row) => order.get(row.repository_id) ?? 0
    rows.push(...found.sort((a, b) => orderOf(a) - orderOf(b) || compareInRepository(a, b)))
    if (rows.length > search.limit) return rows
    at += some.length
    size *= 3
    walked += tags
    if (walked > Math.max(WALKED, 4 * search.limit)) return undefined
  }
  return rows
}

/** How many repositories fill a page, if what matches is spread evenly. */
function firstStep({ limit, visible, estimate: { images, total, totalTags } }: Walk): number {
  const each = (totalTags / visible.list.length) * (images / total)
  return Math.min(MOST_AT_FIRST, Math.max(2, Math.ceil((limit + 1) / each)))
}

interface TagsOf {
  readonly repositories: readonly number[]
  /** In the first of them. */
  readonly after: Cursor | undefined
  readonly limit: number
}

/** In order in each repository. */
async function matchingTagsOf(store: Store, search: FindTags, { repositories, after, limit }: TagsOf): Promise<Row[]> {
  const [first] = repositories
  const { rows } = await sql<Row>`
    select ${ROW}, 0 as rank from tag t
    where ${store.dialect.isOneOf(sql.ref('t.repository_id'), repositories)}
    ${after ? sql`and (t.repository_id <> ${first} or ${isBehind(tagOf(after))})` : sql``}
    and ${hasMatchingImage(store, search)}
    order by t.repository_id desc, ${IN_REPOSITORY} limit ${limit}`.execute(store.read)
  return rows
}

async function countTags(store: Store, repositories: readonly number[]): Promise<number> {
  const { rows } = await sql<{ tags: number }>`
    select count(*) as tags from tag
    where ${store.dialect.isOneOf(sql.ref('repository_id'), repositories)}`.execute(store.read)
  return rows[0]?.tags ?? 0
}

/** What is sorted by, besides the repository. */
export const RANKS = { created: 'created', moved: 'moved_at', size: 'size' } as const

async function walkColumn(
  store: Store,
  search: Walk,
  repositories: readonly KnownRepository[],
  cursor: Cursor | undefined,
  column: string,
): Promise<Row[] | undefined> {
  const rank = sql.ref(`t.${column}`)
  // The inner limit is the budget; the outer one ends the walk as soon as the page is full.
  const { rows } = await sql<Row & { walked: number }>`
    select ${ROW}, ${rank} as rank
    from (
      select t.* from tag t
      where 1 = 1 ${cursor ? sql`and (${rank}, t.id) < (${cursor.rank}, ${cursor.id})` : sql``}
      ${isAmong(store, search, repositories)}
      order by ${rank} desc, t.id desc limit ${WALKED}
    ) t
    where ${hasMatchingImage(store, search)}
    order by ${rank} desc, t.id desc limit ${search.limit + 1}`.execute(store.read)
  if (rows.length > search.limit) return rows
  const { totalTags } = search.estimate
  // All there is has been walked, as far as is known; else there may be more behind.
  return totalTags > 0 && totalTags < WALKED && cursor === undefined ? rows : undefined
}

function hasMatchingImage(store: Store, search: FindTags): RawBuilder<SqlBool> {
  const condition = queryCondition(search.resolved, { dialect: store.dialect, now: search.now })
  return sql`exists (
    select 1 from image i join manifest m on m.id = i.manifest_id
    where i.manifest_id = t.manifest_id and ${condition})`
}

export function isAmong(
  store: Store,
  search: Pick<FindTags, 'visible'>,
  repositories: readonly KnownRepository[],
): RawBuilder<unknown> {
  if (search.visible.isEverything && repositories.length === search.visible.list.length) return sql``
  return sql`and ${store.dialect.isOneOf(
    sql.ref('t.repository_id'),
    repositories.map(({ id }) => id),
  )}`
}

/** From the images that can match to their tags. Those are few, or the walk would have found them, as a rule. */
async function searchImages(
  store: Store,
  search: FindTags,
  repositories: readonly KnownRepository[],
  cursor: Cursor | undefined,
  estimate: QueryEstimate,
): Promise<Row[]> {
  const matching = sql`${fromImages(store, search, estimate)} ${isAmong(store, search, repositories)}`
  const limit = search.limit + 1
  if (search.sort === 'repository') {
    const from = cursor && repositories.find(({ id }) => id === cursor.rank)
    const { rows } = await sql<Row>`
      select ${ROW}, 0 as rank
      from (select distinct ${ROW} ${matching}) t
      join repository r on r.id = t.repository_id join registry g on g.id = r.registry_id
      ${
        from
          ? sql`where (g.name, r.name) > (${from.registry}, ${from.name}) or (r.id = ${from.id} and ${isBehind(tagOf(cursor))})`
          : sql``
      }
      order by g.name, r.name, ${IN_REPOSITORY} limit ${limit}`.execute(store.read)
    return rows
  }
  const rank = sql.ref(`t.${RANKS[search.sort]}`)
  const { rows } = await sql<Row>`
    select distinct ${ROW}, ${rank} as rank
    ${matching} ${cursor ? sql`and (${rank}, t.id) < (${cursor.rank}, ${cursor.id})` : sql``}
    order by ${rank} desc, t.id desc limit ${limit}`.execute(store.read)
  return rows
}

/** `from … where …`: the tags `t` that a query finds with each matching image `i` of `m`, by way of the images. */
export function fromImages(
  { dialect }: Store,
  { resolved, now }: Pick<FindTags, 'resolved' | 'now'>,
  { tags, drive }: QueryEstimate,
): RawBuilder<unknown> {
  if (tags)
    return sql`from tag t join image i on i.manifest_id = t.manifest_id join manifest m on m.id = i.manifest_id
      where ${dialect.isOneOf(sql.ref('t.id'), tags)} and ${queryCondition(resolved, { dialect, now })}`
  return sql`from ${matchingImages({ drive, condition: queryCondition(resolved, { dialect, now, imagesOnly: true }) })}
    join image i on i.id = matching.id join manifest m on m.id = i.manifest_id
    join tag t on t.manifest_id = i.manifest_id where ${tagCondition(resolved, { dialect, now })}`
}

/** A step of its own: PostgreSQL would ask each tag again for what its image has answered. */
export function matchingImages({
  drive = sql`image i`,
  condition,
}: Pick<QueryEstimate, 'drive'> & { readonly condition: RawBuilder<SqlBool> }): RawBuilder<unknown> {
  return sql`(
    with matching as materialized (
      select distinct i.id from ${drive} join manifest m on m.id = i.manifest_id where ${condition}
    )
    select id from matching
  ) matching`
}

/** The last row of a page. By repository, `rank` is the repository's id, `name` the tag, and `id` whether it's listed. */
interface Cursor {
  readonly rank: number
  readonly id: number
  readonly name: string
}

function printCursor(row: Row, sort: TagSearchSort): string {
  return sort === 'repository' ? `${row.repository_id}.${row.listed}.${row.name}` : `${row.rank}.${row.id}`
}

function parseCursor(text: string | undefined, sort: TagSearchSort): Cursor | undefined {
  const [, rank, id, name] = /^(-?\d{1,15})\.(\d{1,10})(?:\.([\w.-]{1,128}))?$/.exec(text ?? '') ?? []
  if (rank === undefined || (sort === 'repository') !== (name !== undefined)) return undefined
  return { rank: Number(rank), id: Number(id), name: name ?? '' }
}

function tagOf({ id: listed, name }: Cursor): TagInRepository {
  return { listed, version_key: versionKey(name).key, name }
}
