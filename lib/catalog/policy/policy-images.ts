import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import { originalText, textHash } from '../database/stored-text.ts'
import type { CheckedImage } from './check-image.ts'

/** A platform image as a tag shows it, with the labels that somebody asked for. */
export interface PolicyImage extends CheckedImage {
  readonly repository: number
  readonly tag: string
  /** Of what the tag points at. */
  readonly digest: string
  readonly platform?: string
}

interface Row {
  readonly tag_id: number
  readonly repository_id: number
  readonly tag: string
  readonly digest: string
  readonly image_id: number
  readonly created: number | null
  readonly platform: string | null
}

/**
 * An annotation counts for more than the config's label, and both for more than the index's annotations about all its
 * images.
 */
const PRECEDENCE = [1, 0, 5, 2, 3, 4]

/**
 * The images of tags that satisfy a condition on `t`, `i` and `m`.
 * @returns by the tag's id, each tag's in the order of its index
 */
export async function policyImages(
  store: Store,
  tags: readonly number[],
  { condition, keys }: { readonly condition: RawBuilder<SqlBool>; readonly keys: readonly string[] },
): Promise<ReadonlyMap<number, readonly PolicyImage[]>> {
  if (tags.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select t.id as tag_id, t.repository_id, t.name as tag, ${store.dialect.digestText(sql.ref('m.digest'))} as digest, i.id as image_id, i.created, p.name as platform
    from tag t
    join manifest m on m.id = t.manifest_id
    join image i on i.manifest_id = m.id
    left join platform p on p.id = i.platform_id
    where ${store.dialect.isOneOf(sql.ref('t.id'), tags)} and ${condition}`.execute(store.read)
  const labels = await labelsOf(store, [...new Set(rows.map(({ image_id: id }) => id))], keys)
  const order = new Map(tags.map((id, index) => [id, index]))
  const sorted = rows.sort((a, b) => (order.get(a.tag_id) ?? 0) - (order.get(b.tag_id) ?? 0) || a.image_id - b.image_id)
  const images = Map.groupBy(sorted, ({ tag_id: id }) => id)
  return new Map(
    Array.from(images, ([id, of]) => [
      id,
      of.map(
        (row): PolicyImage => ({
          repository: row.repository_id,
          tag: row.tag,
          digest: row.digest,
          labels: labels.get(row.image_id) ?? new Map(),
          ...(row.created !== null && { created: row.created }),
          ...(row.platform !== null && { platform: originalText(row.platform) }),
        }),
      ),
    ]),
  )
}

async function labelsOf(store: Store, images: readonly number[], keys: readonly string[]) {
  const labels = new Map<number, Map<string, string>>()
  if (images.length === 0 || keys.length === 0) return labels
  const rows = await store.read
    .selectFrom('label_key')
    .innerJoin('label', 'label.key_id', 'label_key.id')
    .innerJoin('label_value', 'label_value.id', 'label.value_id')
    .select(['label.image_id', 'label.origin', 'label_key.key', 'label_value.value'])
    .where('label_key.hash', 'in', [...new Set(keys)].map(textHash))
    .where(store.dialect.isOneOf(sql.ref('label.image_id'), images))
    .execute()
  const rank = ({ origin }: { origin: number }) => PRECEDENCE.indexOf(origin)
  for (const row of rows.sort((a, b) => rank(b) - rank(a))) {
    const of = labels.get(row.image_id) ?? new Map<string, string>()
    labels.set(row.image_id, of.set(originalText(row.key), originalText(row.value)))
  }
  return labels
}
