import { type Kysely, sql } from 'kysely'
import { distinctRows } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { textHash } from './stored-text.ts'

interface RecordedImages {
  /** Ids of the manifests that were read, again or for the first time. */
  readonly manifests: readonly number[]
  /** Of all their images, and what is known of each now. */
  readonly ids: readonly number[]
  readonly images: readonly {
    readonly platformId: number | null
    readonly created?: number
    readonly size?: number
    readonly layers?: number
  }[]
}

/** The labels that an image has already, as hashes of their keys and values. */
export interface KnownLabels {
  readonly keys: ReadonlySet<string>
  readonly values: ReadonlySet<string>
}

/** What an image is counted for already. */
export function knownOf(
  { keys, values }: KnownLabels,
  { key, value }: { readonly key: string; readonly value: string },
) {
  const hash = textHash(key)
  return { hasKey: keys.has(hash), hasValue: values.has(`${hash} ${textHash(value)}`) }
}

const COMPLETED = { id: 'int', platform_id: 'int', created: 'bigint', size: 'bigint', layers: 'int' } as const

/** Fills in what could not be read earlier. @returns those images, with the labels that they have already */
export async function completeImages(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  { manifests, ids, images }: RecordedImages,
): Promise<ReadonlyMap<number, KnownLabels>> {
  await removeOpened(db, dialect, manifests, ids)
  const rows = ids.flatMap((id, index) => {
    const { platformId, created, size, layers } = images[index] ?? {}
    return layers === undefined ? [] : [[id, platformId ?? null, created ?? null, size ?? null, layers] as const]
  })
  const { rows: found } = await sql<{ id: number }>`
    update image set platform_id = coalesce(new.platform_id, image.platform_id), created = new.created, size = new.size, layers = new.layers
    from ${dialect.rows('new', COMPLETED, distinctRows(rows, 1))}
    where image.id = new.id and image.layers is null returning image.id as id`.execute(db)
  if (found.length === 0) return new Map()
  const completed = found.map(({ id }) => id)
  const { rows: labels } = await sql<{ image: number; key: string; value: string }>`
    select l.image_id as image, k.hash as key, v.hash as value
    from label l join label_key k on k.id = l.key_id join label_value v on v.id = l.value_id
    where ${dialect.isOneOf(sql.ref('l.image_id'), completed)}`.execute(db)
  const byImage = Map.groupBy(labels, ({ image }) => image)
  return new Map(
    completed.map((id) => {
      const of = byImage.get(id) ?? []
      const values = of.map(({ key, value }) => `${key} ${value}`)
      return [id, { keys: new Set(of.map(({ key }) => key)), values: new Set(values) }]
    }),
  )
}

/** An index in an index stands among its images until it can be read: then its own images take its place. */
async function removeOpened(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  manifests: readonly number[],
  ids: readonly number[],
): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    select id from image where layers is null and ${dialect.isOneOf(sql.ref('manifest_id'), manifests)}`.execute(db)
  const current = new Set(ids)
  const opened = rows.flatMap(({ id }) => (current.has(id) ? [] : [id]))
  if (opened.length === 0) return
  const isOpened = dialect.isOneOf(sql.ref('image_id'), opened)
  for (const [table, column] of [
    ['label_key', 'key_id'],
    ['label_value', 'value_id'],
  ] as const)
    await sql`
      update ${sql.table(table)} set images = ${sql.ref(`${table}.images`)} - gone.images
      from (
        select ${sql.ref(column)} as id, count(distinct image_id) as images from label where ${isOpened} group by ${sql.ref(column)}
      ) gone
      where ${sql.ref(`${table}.id`)} = gone.id`.execute(db)
  await sql`delete from label where ${isOpened}`.execute(db)
  await sql`delete from image where ${dialect.isOneOf(sql.ref('id'), opened)}`.execute(db)
}
