import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { readPacked } from '../../store/read-packed.ts'
import type { Store } from '../../store/store.ts'
import { asksAttachments, asksTagsAlone, queryCondition, tagCondition } from './query-condition.ts'
import type { Resolved } from './resolve-query.ts'

export interface Matching {
  readonly query: Resolved
  readonly now: number
}

/** The columns of a tag, and what of its manifest can satisfy the query. */
export type MatchingTag<Columns extends readonly unknown[]> = [...Columns, manifest: number, images: string | null]

/**
 * The tags on which a query leaves open only what their images decide, so that each manifest is asked once however many
 * tags it has: with `imagesCondition`. `images` says which of them satisfy the query where tags on one manifest differ
 * in that: see `matchingOf`.
 * @param isMeant a condition on `t`
 * @param columns of `t`
 * @throws StoreError
 */
export function matchingTags<Columns extends readonly unknown[]>(
  store: Store,
  { query, now }: Matching,
  isMeant: RawBuilder<SqlBool>,
  columns: readonly string[],
): Promise<MatchingTag<Columns>[]> {
  const { dialect } = store
  const read = [...columns, 'manifest_id'].map((column) => sql.ref(`t.${column}`))
  if (asksTagsAlone(query)) {
    const manifest = asksAttachments(query) ? sql`join manifest m on m.id = t.manifest_id` : sql``
    const condition = tagCondition(query, { dialect, now })
    const isRead = sql`t.manifest_id is not null`
    return readPacked(
      store,
      [...read, sql`null`],
      sql`from tag t ${manifest} where ${isMeant} and ${isRead} and ${condition}`,
    )
  }
  const images = sql`(select ${dialect.packed([sql.ref('i.id')])} from image i
    where i.manifest_id = m.id and ${queryCondition(query, { dialect, now })})`
  return readPacked(store, [...read, images], sql`from tag t join manifest m on m.id = t.manifest_id where ${isMeant}`)
}

/** On `i` and `m`: what the images must satisfy, whatever their tags. */
export function imagesCondition({ dialect }: Store, { query, now }: Matching): RawBuilder<SqlBool> {
  return queryCondition(query, { dialect, now, imagesOnly: true })
}

/** Of images that satisfy `imagesCondition`, those that satisfy the query with the tag. */
export function matchingOf<Image extends { readonly id: number }>(
  all: readonly Image[],
  images: string | null,
): readonly Image[] {
  if (images === null) return all
  const ids = new Set<number>(JSON.parse(images).flat())
  return all.filter(({ id }) => ids.has(id))
}
