import { sql } from 'kysely'
import type { CatalogDatabase } from './catalog-database.ts'
import { originalText, textHash } from './stored-text.ts'
import type { Visibility } from './visibility.ts'

export interface LabelKey {
  readonly key: string
  /** Platform images that have it, and distinct values among them. */
  readonly images: number
  readonly values: number
}

/** Keys beyond this are not listed: an image may have 100,000. */
const MOST_KEYS = 10_000

/** Every label key of what somebody may see, the most frequent first. @throws StoreError */
export async function labelKeys({ store, repositories }: CatalogDatabase, visibility: Visibility): Promise<LabelKey[]> {
  const { read, dialect } = store
  const visible = await repositories.visible(visibility)
  if (visible.list.length === 0) return []
  if (visible.isEverything) {
    // Counts that are kept.
    const { rows } = await sql<{ key: string; images: number; counted: number }>`
      select k.key, k.images, k.distinct_values as counted
      from label_key k where k.images > 0 order by k.images desc, k.key limit ${MOST_KEYS}`.execute(read)
    return rows.map(({ key, images, counted }) => ({ key: originalText(key), images, values: counted }))
  }
  const ids = visible.list.map(({ id }) => id)
  const { rows } = await sql<{ key: string; images: number; counted: number }>`
    with seen as materialized (
      select distinct i.id from tag t join image i on i.manifest_id = t.manifest_id
      where ${dialect.isOneOf(sql.ref('t.repository_id'), ids)}
    ), counts as (
      select l.key_id, count(distinct l.image_id) as images, count(distinct l.value_id) as counted
      from seen join label l on l.image_id = seen.id group by l.key_id
    )
    select k.key, counts.images, counts.counted from counts join label_key k on k.id = counts.key_id
    order by counts.images desc, k.key limit ${MOST_KEYS}`.execute(read)
  return rows.map(({ key, images, counted }) => ({ key: originalText(key), images, values: counted }))
}

export interface LabelValue {
  readonly value: string
  readonly images: number
}

export interface LabelValuesQuery {
  readonly visibility: Visibility
  readonly key: string
  /** Somewhere in the value, whatever its case. */
  readonly containing?: string
  readonly limit: number
}

/** The values of a key among what somebody may see, the most frequent first. @throws StoreError */
export async function labelValues(
  { store, repositories }: CatalogDatabase,
  { visibility, key, containing, limit }: LabelValuesQuery,
): Promise<LabelValue[]> {
  const { read, dialect } = store
  const visible = await repositories.visible(visibility)
  const found = await read.selectFrom('label_key').select('id').where('hash', '=', textHash(key)).executeTakeFirst()
  if (!found || visible.list.length === 0) return []
  const contains = containing
    ? sql`and ${dialect.isLike(sql.ref('v.value'), `%${containing.replaceAll(/[\\%_]/g, '\\$&')}%`)}`
    : sql``
  if (visible.isEverything) {
    const { rows } = await sql<LabelValue>`
      select v.value, v.images from label_value v
      where v.key_id = ${found.id} and v.images > 0 ${contains}
      order by v.images desc limit ${limit}`.execute(read)
    return rows.map(({ value, images }) => ({ value: originalText(value), images }))
  }
  const ids = visible.list.map(({ id }) => id)
  const { rows } = await sql<LabelValue>`
    with seen as materialized (
      select distinct i.id from tag t join image i on i.manifest_id = t.manifest_id
      where ${dialect.isOneOf(sql.ref('t.repository_id'), ids)}
    )
    select v.value, count(distinct l.image_id) as images
    from seen
    join label l on l.image_id = seen.id and l.key_id = ${found.id}
    join label_value v on v.id = l.value_id
    where 1 = 1 ${contains}
    group by v.id, v.value order by 2 desc limit ${limit}`.execute(read)
  return rows.map(({ value, images }) => ({ value: originalText(value), images }))
}
