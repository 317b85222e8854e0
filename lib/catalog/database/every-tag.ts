import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Query, termsOf } from '../../filter/query.ts'
import type { Store } from '../../store/store.ts'
import { addedPlace, addedTo } from './added-labels.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { estimateQuery } from './estimate-query.ts'
import { findTags, RANKS } from './find-tags.ts'
import { narrowRepositories } from './narrow-repositories.ts'
import { queryCondition } from './query-condition.ts'
import { labelsOf } from './read-found-tags.ts'
import type { KnownRepository, VisibleRepositories } from './repository-index.ts'
import { resolveQuery } from './resolve-query.ts'
import { originalText, storedText } from './stored-text.ts'
import { distinctLabels, tagFacts } from './tag-facts.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'

/** A tag that a query finds, as one row of a list. */
export interface ListedTag
  extends Pick<FoundTag, 'registry' | 'repository' | 'tag' | 'digest' | 'type' | 'created' | 'size' | 'movedAt'> {
  /** All platform images of the tag, and the platforms of those that satisfy the query. */
  readonly images: number
  readonly matching: readonly (string | undefined)[]
  /** Values of the keys that the query names, in the images that satisfy it. */
  readonly labels: FoundTag['labels']
}

/** Tags per statement: some milliseconds, so that pages are answered in between. */
const AT_ONCE = 2_000
/** Images, or tags, that are looked up rather than walked to. */
const FEW = 2_000
const ALL = 1_000_000_000

/**
 * Every visible tag that a query finds, sorted, a batch at a time. Reads each tag once, by key, and holds one batch in
 * memory, so the cost is proportional to the rows.
 * @throws StoreError
 */
export async function* everyTag(
  database: CatalogDatabase,
  search: Omit<TagSearch, 'after' | 'limit'>,
  signal?: AbortSignal,
): AsyncGenerator<readonly ListedTag[], void> {
  const { store } = database
  const visible = await database.repositories.visible(search.visibility)
  const { query: resolved } = await resolveQuery(database, search.query, visible.list)
  const repositories = narrowRepositories(resolved, visible.list)
  if (repositories.length === 0) return
  const reader = new RowReader(store, visible, {
    condition: queryCondition(resolved, { dialect: store.dialect, now: search.now }),
    keys: shownKeys(search.query),
    hasAdded: await hasAdded(store, shownKeys(search.query)),
    platforms: await platformNames(store),
  })
  const { tags, atMost = ALL } = await estimateQuery(store, resolved)
  if (tags !== undefined || atMost <= FEW) {
    const { ids } = await findTags(store, { ...search, resolved, visible, plan: 'images', limit: ALL, signal })
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      signal?.throwIfAborted()
      const some = ids.slice(at, at + AT_ONCE)
      yield reader.read(
        store.dialect.isOneOf(sql.ref('t.id'), some),
        inOrderOf(some, ({ id }) => id),
      )
    }
    return
  }
  const isEverything = visible.isEverything && repositories.length === visible.list.length
  const steps =
    search.sort === 'repository'
      ? repositorySteps(store, repositories)
      : rankSteps(store, RANKS[search.sort], { repositories, isEverything })
  for await (const { condition, order } of steps) {
    signal?.throwIfAborted()
    yield reader.read(condition, order)
  }
}

/** The keys that the query names, without those that nothing it finds has. */
function shownKeys(query: Query): readonly string[] {
  const terms = query.op === 'and' ? query.terms : [query]
  const absent = new Set(
    terms.flatMap((term) =>
      term.op === 'not' && term.term.op === 'term' && term.term.field === 'label' && term.term.test === 'present'
        ? [term.term.key]
        : [],
    ),
  )
  const named = termsOf(query).flatMap((term) => (term.field === 'label' ? [term.key] : []))
  return [...new Set(named)].filter((key) => !absent.has(key))
}

/** Labels that people added are rare: the digests of images are read only where there are any. */
async function hasAdded({ read, dialect }: Store, keys: readonly string[]): Promise<boolean> {
  if (keys.length === 0) return false
  const isNamed = dialect.isOneOfTexts(sql.ref('key'), keys.map(storedText))
  const rows = await read.selectFrom('added_label').select('id').where(isNamed).limit(1).execute()
  return rows.length > 0
}

type Order = (a: Row, b: Row) => number

/** Some of the tags, as a condition on `t`, and their order. */
interface Step {
  readonly condition: RawBuilder<SqlBool>
  readonly order: Order
}

function inOrderOf(ids: readonly number[], idOf: (row: Row) => number): Order {
  const positions = new Map(ids.map((id, index) => [id, index]))
  return (a, b) => (positions.get(idOf(a)) ?? 0) - (positions.get(idOf(b)) ?? 0)
}

/** Repositories together while they are small, and one in parts when it is large. */
async function* repositorySteps(
  { read, dialect }: Store,
  repositories: readonly KnownRepository[],
): AsyncGenerator<Step, void> {
  const { rows } = await sql<{ repository_id: number; tags: number }>`
    select repository_id, count(*) as tags from tag group by repository_id`.execute(read)
  const tagsOf = new Map(rows.map(({ repository_id: id, tags }) => [id, tags]))
  const byRepository = sql.ref<number>('t.repository_id')
  let some: number[] = []
  let tags = 0
  const flush = function* (): Generator<Step, void> {
    if (some.length === 0) return
    const order = inOrderOf(some, (row) => row.repository_id)
    yield { condition: dialect.isOneOf(byRepository, some), order: (a, b) => order(a, b) || compareNames(a, b) }
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
    for (let from: string | undefined, isLast = false; !isLast; ) {
      const after = from === undefined ? sql`` : sql`and t.name > ${from}`
      const { rows } = await sql<{ name: string }>`
        select t.name from tag t where t.repository_id = ${id} ${after}
        order by t.name limit 1 offset ${AT_ONCE - 1}`.execute(read)
      const to = rows[0]?.name
      const upTo = to === undefined ? sql`` : sql`and t.name <= ${to}`
      yield { condition: sql`(t.repository_id = ${id} ${after} ${upTo})`, order: compareNames }
      from = to
      isLast = to === undefined
    }
  }
  yield* flush()
}

function compareNames(a: Row, b: Row): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

async function* rankSteps(
  { read, dialect }: Store,
  column: (typeof RANKS)[keyof typeof RANKS],
  { repositories, isEverything }: { repositories: readonly KnownRepository[]; isEverything: boolean },
): AsyncGenerator<Step, void> {
  const rank = sql.ref(`t.${column}`)
  const isAmong = isEverything
    ? sql``
    : sql`and ${dialect.isOneOf(
        sql.ref('t.repository_id'),
        repositories.map(({ id }) => id),
      )}`
  const order: Order = (a, b) => b[column] - a[column] || b.id - a.id
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

interface Details {
  /** On `t`, `i` and `m`. */
  readonly condition: RawBuilder<SqlBool>
  readonly keys: readonly string[]
  readonly hasAdded: boolean
  readonly platforms: ReadonlyMap<number, string>
}

async function platformNames({ read }: Store): Promise<ReadonlyMap<number, string>> {
  const rows = await read.selectFrom('platform').selectAll().execute()
  return new Map(rows.map(({ id, name }) => [id, originalText(name)]))
}

/** A matching image of a tag. */
interface Row {
  readonly id: number
  readonly repository_id: number
  readonly name: string
  readonly created: number
  readonly moved_at: number
  readonly size: number
  readonly digest: string
  readonly type: string
  readonly image_id: number
  readonly child_id: number
  readonly platform_id: number | null
  readonly images: number
}

class RowReader {
  readonly #store: Store
  readonly #visible: VisibleRepositories
  readonly #details: Details

  constructor(store: Store, visible: VisibleRepositories, details: Details) {
    this.#store = store
    this.#visible = visible
    this.#details = details
  }

  async read(isMeant: RawBuilder<SqlBool>, order: Order): Promise<readonly ListedTag[]> {
    const { condition, keys } = this.#details
    const { rows } = await sql<Row>`
      select t.id, t.repository_id, t.name, t.created, t.moved_at, t.size, ${this.#store.dialect.digestText(sql.ref('m.digest'))} as digest, m.type,
        i.id as image_id, i.child_id, i.platform_id,
        case m.type when 'index' then (select count(*) from image where image.manifest_id = m.id) else 1 end as images
      from tag t join manifest m on m.id = t.manifest_id join image i on i.manifest_id = m.id
      where ${isMeant} and ${condition}
      order by t.id, i.position`.execute(this.#store.read)
    const sorted = [...rows].sort(order)
    const labels = keys.length === 0 ? undefined : await this.#labels(sorted)
    const tags: ListedTag[] = []
    for (let at = 0; at < sorted.length; ) {
      const first = sorted[at] as Row
      let end = at + 1
      while (sorted[end]?.id === first.id) end++
      const tag = this.#tagOf(first, sorted.slice(at, end), labels)
      if (tag) tags.push(tag)
      at = end
    }
    return tags
  }

  #tagOf(first: Row, rows: readonly Row[], labels: LabelsOf | undefined): ListedTag | undefined {
    const repository = this.#visible.byId.get(first.repository_id)
    if (!repository) return undefined
    const { platforms } = this.#details
    const shown = labels ? rows.flatMap(labels).map(({ key, value }) => ({ key, value })) : []
    return {
      registry: repository.registry,
      repository: repository.name,
      ...tagFacts(first),
      images: first.images,
      matching: rows.map(({ platform_id: id }) => (id === null ? undefined : platforms.get(id))),
      labels: distinctLabels(shown),
    }
  }

  async #labels(rows: readonly Row[]): Promise<LabelsOf> {
    const { keys } = this.#details
    const store = this.#store
    const [own, added] = await Promise.all([
      labelsOf(store, [...new Set(rows.map(({ image_id: id }) => id))], keys),
      this.#added(rows),
    ])
    return (row) => [...(own.get(row.image_id) ?? []), ...added(row)]
  }

  async #added(rows: readonly Row[]): Promise<LabelsOf> {
    const { read, dialect } = this.#store
    const { keys } = this.#details
    if (!this.#details.hasAdded || rows.length === 0) return () => []
    const children = await read
      .selectFrom('manifest')
      .select(['id', dialect.digestText(sql.ref('digest')).as('digest')])
      .where(dialect.isOneOf(sql.ref('id'), [...new Set(rows.map(({ child_id: id }) => id))]))
      .execute()
    const digests = new Map(children.map(({ id, digest }) => [id, digest]))
    const found = await addedTo(this.#store, [...rows.map(({ digest }) => digest), ...digests.values()], keys)
    return ({ repository_id: repository, digest, child_id: child }) =>
      [...new Set([digest, digests.get(child) ?? digest])].flatMap(
        (each) => found.get(addedPlace(repository, each)) ?? [],
      )
  }
}

type LabelsOf = (row: Row) => FoundTag['labels']
