import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import { IS_UNREAD } from '../database/is-unread.ts'
import { originalText, textHash } from '../database/stored-text.ts'

/** A platform image, with the labels that somebody asked for. */
export interface PolicyImage {
  readonly id: number
  /** Of the manifest that a tag points at. */
  readonly digest: string
  readonly created?: number
  readonly platform?: string
  /** What isn't among its labels may still be one of them. */
  readonly isUnread: boolean
  /** The id of the value that counts, by key. */
  readonly labels: ReadonlyMap<string, number>
}

/**
 * An annotation counts for more than the config's label, and both for more than the index's annotations about all its
 * images.
 */
const PRECEDENCE = [1, 0, 5, 2, 3, 4]

type ImageRow = [
  id: number,
  manifest: number,
  digest: string,
  created: number | null,
  platform: string | null,
  unread: 0 | 1,
]
type LabelRow = [image: number, key: number, value: number, origin: number]

export type KeyNames = ReadonlyMap<number, string>

/** Those of the keys that some image has, by id. @throws StoreError */
export async function keyNames({ read, dialect }: Store, keys: readonly string[]): Promise<KeyNames> {
  const rows = await read
    .selectFrom('label_key')
    .select(['id', 'key'])
    .where(dialect.isOneOfTexts(sql.ref('hash'), [...new Set(keys.map(textHash))]))
    .execute()
  return new Map(rows.map(({ id, key }) => [id, originalText(key)]))
}

/**
 * The images of manifests that satisfy a condition on `i` and `m`: by the manifest's id, in the order of its index.
 * @throws StoreError
 */
export async function policyImages(
  store: Store,
  manifests: readonly number[],
  { condition, keys }: { readonly condition: RawBuilder<SqlBool>; readonly keys: KeyNames },
): Promise<ReadonlyMap<number, readonly PolicyImage[]>> {
  if (manifests.length === 0) return new Map()
  const { dialect } = store
  const columns = ['i.id', 'i.manifest_id', 'i.created', 'p.name'].map((column) => sql.ref(column))
  const rows = await readPacked<ImageRow>(
    store,
    [
      ...columns.toSpliced(2, 0, dialect.digestText(sql.ref('m.digest'))),
      sql`case when ${IS_UNREAD} then 1 else 0 end`,
    ],
    sql`from image i join manifest m on m.id = i.manifest_id left join platform p on p.id = i.platform_id
      where ${dialect.isOneOf(sql.ref('i.manifest_id'), manifests)} and ${condition}`,
  )
  const labels = await labelsOf(
    store,
    rows.map(([id]) => id),
    keys,
  )
  const found = new Map<number, PolicyImage[]>()
  for (const [id, manifest, digest, created, platform, unread] of rows.sort(([a], [b]) => a - b)) {
    const image = {
      id,
      digest,
      isUnread: unread === 1,
      labels: labels.get(id) ?? new Map(),
      ...(created !== null && { created }),
      ...(platform !== null && { platform: originalText(platform) }),
    }
    const of = found.get(manifest)
    if (of) of.push(image)
    else found.set(manifest, [image])
  }
  return found
}

async function labelsOf(store: Store, images: readonly number[], keys: KeyNames) {
  const labels = new Map<number, Map<string, number>>()
  if (images.length === 0 || keys.size === 0) return labels
  const { dialect } = store
  const rows = await readPacked<LabelRow>(
    store,
    ['l.image_id', 'l.key_id', 'l.value_id', 'l.origin'].map((column) => sql.ref(column)),
    sql`from label l where ${dialect.isOneOf(sql.ref('l.image_id'), images)} and l.key_id in (${sql.join([...keys.keys()])})`,
  )
  const rank = ([, , , origin]: LabelRow) => PRECEDENCE.indexOf(origin)
  // What counts comes last; of two values in one place, always the same.
  for (const [image, key, value] of rows.sort((a, b) => rank(b) - rank(a) || b[2] - a[2])) {
    const of = labels.get(image) ?? new Map<string, number>()
    labels.set(image, of.set(keys.get(key) ?? '', value))
  }
  return labels
}
