import { type Kysely, sql } from 'kysely'
import { distinctRows, idsOf, insertMissing, intern } from '../../store/insert-missing.ts'
import type { StoreDialect } from '../../store/store-dialect.ts'
import type { Tables } from '../../store/tables.ts'
import { storedText, textHash } from './stored-text.ts'

/** The origin of a label. The order is that of the numbers in the database. */
export const LABEL_ORIGINS = [
  'config',
  'annotation',
  'index-annotation',
  'config-descriptor',
  'layer-descriptor',
  'index-entry',
] as const
export type LabelOrigin = (typeof LABEL_ORIGINS)[number]

export interface ImageLabel {
  readonly image: number
  readonly key: string
  readonly value: string
  readonly origin: LabelOrigin
  /** The image has been counted for the key, or for the value. */
  readonly hasKey?: boolean
  readonly hasValue?: boolean
}

/** Writes labels of images, and counts the images of each key and value. */
export async function recordLabels(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  labels: readonly ImageLabel[],
): Promise<void> {
  for (const part of partsOf(labels)) await writeLabels(db, dialect, part)
}

/** Labels whose rows are put together in one go. An image may have 100,000: others have to be answered in between. */
const LABELS_AT_ONCE = 2_000

/** All labels with the same key in one part: an image counts once for each key. */
function* partsOf(labels: readonly ImageLabel[]): Generator<readonly ImageLabel[], void> {
  if (labels.length <= LABELS_AT_ONCE) {
    if (labels.length > 0) yield labels
    return
  }
  let part: ImageLabel[] = []
  for (const same of Map.groupBy(labels, ({ key }) => key).values()) {
    for (const label of same) part.push(label)
    if (part.length < LABELS_AT_ONCE) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

async function writeLabels(db: Kysely<Tables>, dialect: StoreDialect, labels: readonly ImageLabel[]): Promise<void> {
  const hashes = new Map(labels.map(({ key }) => [key, textHash(key)]))
  const keys = await intern(
    db,
    dialect,
    {
      table: 'label_key',
      columns: { hash: 'text', key: 'text' },
      rows: labels.map(({ key }) => [hashes.get(key) as string, storedText(key)]),
    },
    1,
  )
  const before = await newestId(db, 'label_value')
  const values = await countValues(db, dialect, labels, keys)
  await insertMissing(db, dialect, {
    table: 'label',
    columns: { image_id: 'int', key_id: 'int', value_id: 'int', origin: 'int' },
    rows: labels.map(({ image, origin }, index) => [
      image,
      keys[index] as number,
      values[index] as number,
      LABEL_ORIGINS.indexOf(origin),
    ]),
  })
  await addCounts(db, dialect, 'images', countImages(labels, keys, 'hasKey'))
  const added = new Map(values.flatMap((value, index) => (value > before ? [[value, keys[index] as number]] : [])))
  const addedOf = Map.groupBy(added.values(), (key) => key)
  await addCounts(
    db,
    dialect,
    'distinct_values',
    Array.from(addedOf, ([key, { length }]) => [key, length]),
  )
}

const VALUE = { key_id: 'int', hash: 'text', value: 'text', images: 'int' } as const

/**
 * The ids of values, counted as they are written: most are new, and on PostgreSQL a row that is updated afterwards stays
 * behind a second time, in its table and in each index.
 */
async function countValues(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  labels: readonly ImageLabel[],
  keys: readonly number[],
): Promise<number[]> {
  const rows = labels.map(({ value }, index) => [keys[index] as number, textHash(value), storedText(value)] as const)
  const serials = new Map<string, number>()
  const serialOf = rows.map(([key, hash]) => {
    const id = `${key} ${hash}`
    const serial = serials.get(id) ?? serials.size
    serials.set(id, serial)
    return serial
  })
  const distinct = new Map(rows.map((row, index) => [serialOf[index] as number, row]))
  const counts = countImages(labels, serialOf, 'hasValue')
  const counted = counts.map(([serial, images]) => [...(distinct.get(serial) ?? []), images])
  if (counted.length > 0)
    await sql`
      insert into label_value (key_id, hash, value, images)
      select key_id, hash, value, images from ${dialect.rows('new', VALUE, counted)} where true
      on conflict (key_id, hash) do update set images = label_value.images + excluded.images`.execute(db)
  return idsOf(db, dialect, { table: 'label_value', columns: VALUE, rows }, 2)
}

/** An image counts once for a key or a value, however often it has it. */
function countImages(
  labels: readonly ImageLabel[],
  ids: readonly number[],
  known: 'hasKey' | 'hasValue',
): [id: number, images: number][] {
  const images = new Map<number, Set<number>>()
  labels.forEach(({ image, [known]: isCounted }, index) => {
    if (isCounted) return
    const id = ids[index] as number
    const seen = images.get(id)
    if (seen) seen.add(image)
    else images.set(id, new Set([image]))
  })
  return Array.from(images, ([id, { size }]) => [id, size])
}

async function addCounts(
  db: Kysely<Tables>,
  dialect: StoreDialect,
  column: 'images' | 'distinct_values',
  counts: readonly (readonly [id: number, count: number])[],
): Promise<void> {
  if (counts.length === 0) return
  await sql`
    update label_key set ${sql.ref(column)} = ${sql.ref(`label_key.${column}`)} + added.count
    from ${dialect.rows('added', { id: 'int', count: 'int' }, distinctRows(counts, 1))}
    where label_key.id = added.id`.execute(db)
}

/** The highest id so far: rows that are added later have higher ones. */
export async function newestId(db: Kysely<Tables>, table: 'image' | 'label_value'): Promise<number> {
  const { rows } = await sql<{ id: number }>`select coalesce(max(id), 0) as id from ${sql.table(table)}`.execute(db)
  return rows[0]?.id ?? 0
}
