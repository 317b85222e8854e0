import { type RawBuilder, sql } from 'kysely'
import { nearWords } from '../../filter/near-words.ts'
import { escapeLike } from '../../store/escape-like.ts'
import type { Store } from '../../store/store.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import { addedKeys, addedValues } from './added-keys.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { cutValue } from './cut-value.ts'
import { catalogVersion, KeptResults } from './kept-results.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { originalText, textHash } from './stored-text.ts'
import type { Visibility } from './visibility.ts'

export interface LabelKey {
  readonly key: string
  /** Platform images that have it, and distinct values among them. */
  readonly images: number
  readonly values: number
  /** Manifests to which it was added in Lading, if any. */
  readonly added?: number
}

export interface LabelKeys {
  /** The most frequent first. */
  readonly keys: readonly LabelKey[]
  /** How many there are, also of those beyond the limit. */
  readonly total: number
}

/** Keys that are looked through for a word: an image may have 100,000. */
const MOST_KEYS = 10_000

/** The visible label keys. @throws StoreError */
export async function labelKeys(
  { store, repositories }: CatalogDatabase,
  visibility: Visibility,
  limit = MOST_KEYS,
): Promise<LabelKeys> {
  const visible = await repositories.visible(visibility)
  if (visible.list.length === 0) return { keys: [], total: 0 }
  const added = await addedKeys(store, visible)
  const own = await ownKeys(
    store,
    visible,
    limit,
    added.map(({ key }) => key),
  )
  const merged = new Map(own.keys.map((each) => [each.key, each]))
  for (const { key, images, values } of added)
    merged.set(key, { ...(merged.get(key) ?? { key, images, values }), added: images })
  const keys = [...merged.values()].sort((a, b) => b.images - a.images || (a.key < b.key ? -1 : 1))
  return { keys: keys.slice(0, limit), total: own.total + merged.size - own.keys.length }
}

/** @param also keys that are among them in any case, if images have them. @returns these and the most frequent */
async function ownKeys(
  { read, dialect }: Store,
  visible: VisibleRepositories,
  limit: number,
  also: readonly string[],
): Promise<LabelKeys> {
  const isAlso = dialect.isOneOfTexts(sql.ref('k.hash'), also.map(textHash))
  // Without a reason, the index on the counts is enough.
  const most = also.length === 0 ? sql`order by` : sql`order by case when ${isAlso} then 0 else 1 end,`
  if (visible.isEverything) {
    // Counts that are kept.
    const { rows } = await sql<KeyRow>`
      select k.key, k.images, k.distinct_values as counted, count(*) over () as total
      from label_key k where k.images > 0 ${most} k.images desc, k.key limit ${limit + also.length}`.execute(read)
    return keysOf(rows)
  }
  const count = (limit: number) =>
    countKeys(read, dialect, visible, sql`${most} counts.images desc, k.key limit ${limit + also.length}`)
  return limit > MOST_KEYS ? count(limit) : keptKeys(read, visible, () => count(MOST_KEYS))
}

interface KeyRow {
  readonly key: string
  readonly images: number
  readonly counted: number
  readonly total: number
}

function keysOf(rows: readonly KeyRow[]): LabelKeys {
  const keys = rows.map(({ key, images, counted }) => ({ key: originalText(key), images, values: counted }))
  return { keys, total: rows[0]?.total ?? 0 }
}

/** A step of its own: of images that are joined, PostgreSQL guesses too many and reads all labels there are. */
async function seenImages(read: Store['read'], dialect: StoreDialect, { list }: VisibleRepositories) {
  const isSeen = dialect.isOneOf(
    sql.ref('t.repository_id'),
    list.map(({ id }) => id),
  )
  const { rows } = await sql<{ id: number }>`
    select distinct i.id from tag t join image i on i.manifest_id = t.manifest_id where ${isSeen}`.execute(read)
  return rows.map(({ id }) => id)
}

async function countKeys(
  read: Store['read'],
  dialect: StoreDialect,
  visible: VisibleRepositories,
  order: RawBuilder<unknown>,
): Promise<LabelKeys> {
  const isSeen = dialect.isOneOf(sql.ref('l.image_id'), await seenImages(read, dialect, visible))
  const { rows } = await sql<KeyRow>`
    with counts as (
      select l.key_id, count(distinct l.image_id) as images, count(distinct l.value_id) as counted
      from label l where ${isSeen} group by l.key_id
    )
    select k.key, counts.images, counts.counted, count(*) over () as total
    from counts join label_key k on k.id = counts.key_id ${order}`.execute(read)
  return keysOf(rows)
}

const kept = new WeakMap<VisibleRepositories, KeptResults<LabelKeys>>()

/** Counting takes as long as there are labels: everyone with the same rights shares one count. */
async function keptKeys(
  read: Store['read'],
  visible: VisibleRepositories,
  count: () => Promise<LabelKeys>,
): Promise<LabelKeys> {
  const known = kept.get(visible) ?? new KeptResults<LabelKeys>({ most: 1 })
  kept.set(visible, known)
  return known.find('keys', await catalogVersion({ read }), count)
}

export interface LabelValue {
  readonly value: string
  readonly images: number
  /** Manifests that somebody gave it here, where somebody did. */
  readonly added?: number
}

export interface LabelValuesQuery {
  readonly visibility: Visibility
  readonly key: string
  /** Somewhere in the value, whatever its case. */
  readonly containing?: string
  readonly limit: number
  /** Characters of a value, for `cutValue`; absent for whole values. */
  readonly longest?: number
}

/** The visible values of a key, the most frequent first. @throws StoreError */
export async function labelValues(
  { store, repositories }: CatalogDatabase,
  { visibility, key, containing, limit, longest }: LabelValuesQuery,
): Promise<LabelValue[]> {
  const visible = await repositories.visible(visibility)
  if (visible.list.length === 0) return []
  const query = { key, containing, limit, longest }
  const [own, added] = await Promise.all([ownValues(store, visible, query), addedValues(store, visible, key)])
  if (added.length === 0) return own
  const wanted = containing?.toLowerCase() ?? ''
  const merged = new Map(own.map((each) => [each.value, each]))
  for (const { value, images } of added)
    if (value.toLowerCase().includes(wanted))
      merged.set(value, { ...(merged.get(value) ?? { value, images }), added: images })
  return [...merged.values()].sort((a, b) => b.images - a.images).slice(0, limit)
}

async function ownValues(
  { read, dialect }: Store,
  visible: VisibleRepositories,
  {
    key,
    containing,
    limit,
    longest,
  }: Pick<LabelValuesQuery, 'key' | 'limit'> & {
    containing: string | undefined
    longest: number | undefined
  },
): Promise<LabelValue[]> {
  const found = await read.selectFrom('label_key').select('id').where('hash', '=', textHash(key)).executeTakeFirst()
  if (!found) return []
  const contains = containing ? sql`and ${dialect.isLike(sql.ref('v.value'), `%${escapeLike(containing)}%`)}` : sql``
  if (visible.isEverything) {
    const { rows } = await sql<LabelValue>`
      select ${cutValue(longest)} as value, v.images from label_value v
      where v.key_id = ${found.id} and v.images > 0 ${contains}
      order by v.images desc limit ${limit}`.execute(read)
    return rows.map(({ value, images }) => ({ value: originalText(value), images }))
  }
  const isSeen = dialect.isOneOf(sql.ref('l.image_id'), await seenImages(read, dialect, visible))
  const { rows } = await sql<LabelValue>`
    select ${cutValue(longest)} as value, count(distinct l.image_id) as images
    from label l join label_value v on v.id = l.value_id
    where l.key_id = ${found.id} and ${isSeen} ${contains}
    group by v.id order by 2 desc limit ${limit}`.execute(read)
  return rows.map(({ value, images }) => ({ value: originalText(value), images }))
}

/** For unknown keys, the visible ones that were probably meant. */
export async function nearKeys(
  database: CatalogDatabase,
  unknown: readonly string[],
  visibility: Visibility,
): Promise<{ readonly key: string; readonly near: readonly string[] }[]> {
  if (unknown.length === 0) return []
  const known = (await labelKeys(database, visibility)).keys.map(({ key }) => key)
  return [...new Set(unknown)].map((key) => ({ key, near: nearWords(key, known) }))
}
