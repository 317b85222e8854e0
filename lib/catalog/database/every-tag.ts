import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Query, termsOf } from '../../filter/query.ts'
import type { Store } from '../../store/store.ts'
import { addedPlace, addedTo } from './added-labels.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { queryCondition } from './query-condition.ts'
import { labelsOf } from './read-found-tags.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { resolveQuery } from './resolve-query.ts'
import { originalText, storedText } from './stored-text.ts'
import { distinctLabels, tagFacts } from './tag-facts.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'
import { type TagOrder, tagSteps } from './tag-steps.ts'

/** A tag that a query finds, as one row of a list. */
export interface ListedTag
  extends Pick<FoundTag, 'registry' | 'repository' | 'tag' | 'digest' | 'type' | 'created' | 'size' | 'movedAt'> {
  /** All platform images of the tag, and the platforms of those that satisfy the query. */
  readonly images: number
  readonly matching: readonly (string | undefined)[]
  /** Values of the keys that the query names, in the images that satisfy it. */
  readonly labels: FoundTag['labels']
}

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
  const reader = new RowReader(store, visible, {
    condition: queryCondition(resolved, { dialect: store.dialect, now: search.now }),
    keys: shownKeys(search.query),
    hasAdded: await hasAdded(store, shownKeys(search.query)),
    platforms: await platformNames(store),
  })
  for await (const { condition, order } of tagSteps(store, { ...search, resolved, visible, signal })) {
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

  async read(isMeant: RawBuilder<SqlBool>, order: TagOrder): Promise<readonly ListedTag[]> {
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
