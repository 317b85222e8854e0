import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import { estimateQuery } from './estimate-query.ts'
import { findTags, RANKS } from './find-tags.ts'
import { narrowRepositories } from './narrow-repositories.ts'
import type { KnownRepository, VisibleRepositories } from './repository-index.ts'
import type { Resolved } from './resolve-query.ts'
import { compareInRepository, IN_REPOSITORY, isBehind, isNotBehind, type TagInRepository } from './tag-order-by.ts'
import type { TagSearch } from './tag-search.ts'

/** Tags per statement: some milliseconds, so that pages are answered in between. */
const AT_ONCE = 1_000
/** Images, or tags, that are looked up rather than walked to. */
const FEW = 2_000
const ALL = 1_000_000_000

/** What tags are put in order by. */
export interface RankedTag extends TagInRepository {
  readonly id: number
  readonly repository_id: number
  readonly created: number
  readonly moved_at: number
  readonly size: number
}

export type TagOrder = (a: RankedTag, b: RankedTag) => number

/** Some of the tags, as a condition on `t`, and their order. */
export interface TagStep {
  readonly condition: RawBuilder<SqlBool>
  readonly order: TagOrder
}

interface Steps extends Pick<TagSearch, 'sort' | 'now'> {
  readonly resolved: Resolved
  readonly visible: VisibleRepositories
  readonly signal?: AbortSignal | undefined
}

/**
 * Every visible tag that a query can find, in the order of the sort, as many at a time as one statement should read.
 * Steps are found by key: their cost doesn't grow with what was read before. @throws StoreError
 */
export async function* tagSteps(
  store: Store,
  { resolved, visible, sort, now, signal }: Steps,
): AsyncGenerator<TagStep, void> {
  const repositories = narrowRepositories(resolved, visible.list)
  if (repositories.length === 0) return
  const { tags, atMost = ALL } = await estimateQuery(store, resolved)
  if (tags !== undefined || atMost <= FEW) {
    const { ids } = await findTags(store, { sort, now, resolved, visible, plan: 'images', limit: ALL, signal })
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      const some = ids.slice(at, at + AT_ONCE)
      yield { condition: store.dialect.isOneOf(sql.ref('t.id'), some), order: inOrderOf(some, ({ id }) => id) }
    }
    return
  }
  const isEverything = visible.isEverything && repositories.length === visible.list.length
  const among = { repositories, isEverything }
  if (sort === 'repository') yield* repositorySteps(store, among)
  else yield* rankSteps(store, RANKS[sort], among)
}

function inOrderOf(ids: readonly number[], idOf: (row: RankedTag) => number): TagOrder {
  const positions = new Map(ids.map((id, index) => [id, index]))
  return (a, b) => (positions.get(idOf(a)) ?? 0) - (positions.get(idOf(b)) ?? 0)
}

interface Among {
  readonly repositories: readonly KnownRepository[]
  readonly isEverything: boolean
}

/**
 * The tags of repositories, in their order: repositories together while they are small, and one in parts when it is
 * large. @throws StoreError
 */
export async function* repositorySteps(
  { read, dialect }: Store,
  { repositories, isEverything }: Among,
): AsyncGenerator<TagStep, void> {
  const ids = repositories.map(({ id }) => id)
  const isAmong = isEverything ? sql`` : sql`where ${dialect.isOneOf(sql.ref('repository_id'), ids)}`
  const { rows } = await sql<{ repository_id: number; tags: number }>`
    select repository_id, count(*) as tags from tag ${isAmong} group by repository_id`.execute(read)
  const tagsOf = new Map(rows.map(({ repository_id: id, tags }) => [id, tags]))
  const byRepository = sql.ref<number>('t.repository_id')
  let some: number[] = []
  let tags = 0
  const flush = function* (): Generator<TagStep, void> {
    if (some.length === 0) return
    const order = inOrderOf(some, (row) => row.repository_id)
    yield { condition: dialect.isOneOf(byRepository, some), order: (a, b) => order(a, b) || compareInRepository(a, b) }
    some = []
    tags = 0
  }
  for (const { id } of repositories) {
    const own = tagsOf.get(id) ?? 0
    if (own === 0) continue
    if (tags + own > AT_ONCE) yield* flush()
    if (own <= AT_ONCE) {
      some.push(id)
      tags += own
      continue
    }
    for (let from: TagInRepository | undefined, isLast = false; !isLast; ) {
      const after = from === undefined ? sql`` : sql`and ${isBehind(from)}`
      const { rows }: { rows: TagInRepository[] } = await sql<TagInRepository>`
        select t.name, t.listed, t.version_key from tag t where t.repository_id = ${id} ${after}
        order by ${IN_REPOSITORY} limit 1 offset ${AT_ONCE - 1}`.execute(read)
      const to = rows[0]
      const upTo = to === undefined ? sql`` : sql`and ${isNotBehind(to)}`
      yield { condition: sql`(t.repository_id = ${id} ${after} ${upTo})`, order: compareInRepository }
      from = to
      isLast = to === undefined
    }
  }
  yield* flush()
}

async function* rankSteps(
  { read, dialect }: Store,
  column: (typeof RANKS)[keyof typeof RANKS],
  { repositories, isEverything }: Among,
): AsyncGenerator<TagStep, void> {
  const rank = sql.ref(`t.${column}`)
  const isAmong = isEverything
    ? sql``
    : sql`and ${dialect.isOneOf(
        sql.ref('t.repository_id'),
        repositories.map(({ id }) => id),
      )}`
  const order: TagOrder = (a, b) => b[column] - a[column] || b.id - a.id
  for (let from: { rank: number; id: number } | undefined, isLast = false; !isLast; ) {
    const after = from === undefined ? sql`1 = 1` : sql`(${rank}, t.id) < (${from.rank}, ${from.id})`
    const { rows }: { rows: { rank: number; id: number }[] } = await sql<{ rank: number; id: number }>`
      select ${rank} as rank, t.id from tag t where ${after}
      order by ${rank} desc, t.id desc limit 1 offset ${AT_ONCE - 1}`.execute(read)
    const to = rows[0]
    const downTo = to === undefined ? sql`` : sql`and (${rank}, t.id) >= (${to.rank}, ${to.id})`
    yield { condition: sql`(${after} ${downTo} ${isAmong})`, order }
    from = to
    isLast = to === undefined
  }
}
