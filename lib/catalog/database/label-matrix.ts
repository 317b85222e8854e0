import { sql } from 'kysely'
import { addedPlace, addedTo } from './added-labels.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { LONGEST_SHOWN } from './cut-value.ts'
import { labelsOf } from './read-found-tags.ts'
import { searchTags } from './search-tags.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'

export interface LabelMatrix {
  readonly rows: readonly { readonly tag: FoundTag; readonly cells: readonly LabelCell[] }[]
  readonly next?: string
}

/**
 * `missing`: no platform that could be read has the key. `unread`: none could be. `differs`: platforms have
 * different values, or only some have it. `invalid`: what a policy requires instead.
 */
export type LabelCell =
  | { readonly state: 'missing' }
  | { readonly state: 'unread' }
  | { readonly state: 'value'; readonly value: string; readonly invalid?: string }
  | {
      readonly state: 'differs'
      readonly invalid?: string
      readonly platforms: readonly {
        readonly platform?: string
        readonly values: readonly string[]
        readonly isUnread?: boolean
      }[]
    }

/** A page of tags with the values of some keys: a cell for each key, in order. @throws StoreError */
export async function labelMatrix(
  database: CatalogDatabase,
  search: TagSearch,
  keys: readonly string[],
): Promise<LabelMatrix> {
  const page = await searchTags(database, search)
  return {
    rows: await matrixRows(database, page.tags, keys, LONGEST_SHOWN),
    ...(page.next !== undefined && { next: page.next }),
  }
}

/** A row for each tag, in order. @param longest characters of a value; absent for whole values. @throws StoreError */
export async function matrixRows(
  database: CatalogDatabase,
  tags: readonly FoundTag[],
  keys: readonly string[],
  longest?: number,
): Promise<LabelMatrix['rows']> {
  const digests = tags.flatMap(({ digest, images }) => [digest, ...images.map((image) => image.digest)])
  const [values, added] = await Promise.all([
    valuesOf(database, tags, keys, longest),
    addedTo(database.store, digests, keys),
  ])
  const valuesIn: ValuesIn = ({ repositoryId, digest }, image, key) => [
    ...new Set([
      ...(values.get(cellKey(digest, image, key)) ?? []),
      ...[...new Set([digest, image])]
        .flatMap((each) => added.get(addedPlace(repositoryId, each)) ?? [])
        .flatMap((label) => (label.key === key ? [label.value] : [])),
    ]),
  ]
  return tags.map((tag) => ({
    tag,
    cells: keys.map((key) => cellOf(tag.images, ({ digest }) => valuesIn(tag, digest, key))),
  }))
}

type Values = ReadonlyMap<string, readonly string[]>
type ValuesIn = (tag: FoundTag, image: string, key: string) => readonly string[]

async function valuesOf(
  { store }: CatalogDatabase,
  tags: readonly FoundTag[],
  keys: readonly string[],
  longest: number | undefined,
): Promise<Values> {
  if (tags.length === 0 || keys.length === 0) return new Map()
  const digests = store.dialect.rows(
    'wanted',
    { digest: 'digest' },
    [...new Set(tags.map(({ digest }) => digest))].map((digest) => [digest]),
  )
  const { rows } = await sql<{ id: number; digest: string; child: string }>`
    select i.id, ${store.dialect.digestText(sql.ref('m.digest'))} as digest, ${store.dialect.digestText(sql.ref('c.digest'))} as child
    from ${digests} join manifest m on m.digest = wanted.digest
    join image i on i.manifest_id = m.id join manifest c on c.id = i.child_id`.execute(store.read)
  // In one statement, SQLite would try every label with one of the keys for every tag.
  const labels = await labelsOf(
    store,
    rows.map(({ id }) => id),
    keys,
    longest,
  )
  const named = rows.flatMap(({ id, digest, child }) =>
    (labels.get(id) ?? []).map(({ key, value }) => ({ cell: cellKey(digest, child, key), value })),
  )
  return new Map(
    Array.from(
      Map.groupBy(named, ({ cell }) => cell),
      ([cell, found]) => [cell, [...new Set(found.map(({ value }) => value))].sort()],
    ),
  )
}

/** What the images of a tag say of one key. */
export function cellOf<Image extends { readonly platform?: string; readonly isUnread?: boolean }>(
  images: readonly Image[],
  valuesIn: (image: Image) => readonly string[],
): LabelCell {
  const platforms = images.map((image) => ({
    ...(image.platform !== undefined && { platform: image.platform }),
    ...(image.isUnread && { isUnread: true }),
    values: valuesIn(image),
  }))
  const [first] = platforms
  if (!first) return { state: 'missing' }
  if (platforms.every(({ values }) => values.length === 0))
    return { state: platforms.every(({ isUnread }) => isUnread) ? 'unread' : 'missing' }
  const isSame = platforms.every((platform) => platform.values.join('\0') === first.values.join('\0'))
  const [value] = first.values
  return isSame && first.values.length === 1 && value !== undefined
    ? { state: 'value', value }
    : { state: 'differs', platforms }
}

function cellKey(digest: string, child: string, key: string): string {
  return `${digest} ${child} ${key}`
}
