import { sql } from 'kysely'
import type { Store } from '../../store/store.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { originalText } from './stored-text.ts'

interface AddedKey {
  readonly key: string
  /** Manifests that somebody gave it, and distinct values. */
  readonly images: number
  readonly values: number
}

/** Keys of labels that people added in the repositories, the most frequent first. @throws StoreError */
export async function addedKeys(store: Store, visible: VisibleRepositories): Promise<readonly AddedKey[]> {
  const { rows } = await sql<AddedKey>`
    select a.key, count(distinct a.digest) as images, count(distinct a.value) as ${sql.ref('values')}
    from added_label a where ${isVisible(store, visible)} group by a.key order by 2 desc, a.key`.execute(store.read)
  return rows
}

/** The values of one of those keys, the most frequent first. @throws StoreError */
export async function addedValues(store: Store, visible: VisibleRepositories, key: string) {
  const { rows } = await sql<{ value: string; images: number }>`
    select a.value, count(distinct a.digest) as images
    from added_label a where a.key = ${key} and ${isVisible(store, visible)}
    group by a.value order by 2 desc, a.value`.execute(store.read)
  return rows.map(({ value, images }) => ({ value: originalText(value), images }))
}

function isVisible({ dialect }: Store, { isEverything, list }: VisibleRepositories) {
  if (isEverything) return sql`1 = 1`
  return dialect.isOneOf(
    sql.ref('a.repository_id'),
    list.map(({ id }) => id),
  )
}
