import { checkPatterns } from '../../filter/check-patterns.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { type Query, termsOf } from '../../filter/query.ts'
import type { QueryMistake } from '../../filter/query-mistake.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { CatalogDatabase, Visibility } from './catalog-database.ts'
import { findTags } from './find-tags.ts'
import { nearKeys } from './near-keys.ts'
import { queryCondition } from './query-condition.ts'
import { readFoundTags } from './read-found-tags.ts'
import { resolveQuery } from './resolve-query.ts'

export interface TagSearch {
  readonly query: Query
  readonly visibility: Visibility
  readonly sort: TagSearchSort
  /** Where the page before ended, as its `next` says. Anything else begins at the first page. */
  readonly after?: string
  /** Tags on a page. */
  readonly limit: number
  /** Milliseconds since the epoch, for ages. */
  readonly now: number
}

/** `repository`: by registry, repository and tag. The others: newest, last moved, largest first, unknown ones last. */
export type TagSearchSort = 'repository' | 'created' | 'moved' | 'size'

export interface TagSearchPage {
  /** In the order of the sort. */
  readonly tags: readonly FoundTag[]
  /** Set when there may be more. */
  readonly next?: string
  /** Keys that no image has, each with those that are spelt alike. */
  readonly unknownKeys: readonly { readonly key: string; readonly near: readonly string[] }[]
  /** A regular expression was tried on a part of the names or values only. */
  readonly isPartial: boolean
}

export interface FoundTag {
  readonly registry: string
  readonly repository: RepositoryName
  readonly tag: string
  readonly digest: string
  readonly type: string
  /** Milliseconds since the epoch; bytes. Absent: unknown. */
  readonly created?: number
  readonly size?: number
  readonly movedAt?: number
  readonly checkedAt?: number
  /** The platform images of the tag, in order, and which satisfy the query. */
  readonly images: readonly { readonly digest: string; readonly platform?: string; readonly matches: boolean }[]
  /** Values of the keys that the query names, in the images that satisfy it. */
  readonly labels: readonly { readonly key: string; readonly value: string }[]
}

/** One page of the tags that a query finds among what somebody may see. @throws StoreError */
export async function searchTags(
  database: CatalogDatabase,
  search: TagSearch,
  signal?: AbortSignal,
): Promise<TagSearchPage> {
  const { store } = database
  const visible = await database.repositories.visible(search.visibility)
  const resolved = await resolveQuery(database, search.query, visible.list)
  signal?.throwIfAborted()
  const found = await findTags(store, { ...search, resolved: resolved.query, visible, signal })
  const condition = queryCondition(resolved.query, { dialect: store.dialect, now: search.now })
  const keys = termsOf(search.query).flatMap((term) => (term.field === 'label' ? [term.key] : []))
  return {
    tags: await readFoundTags(store, found.ids, { condition, keys, visible }),
    ...(found.next !== undefined && { next: found.next }),
    unknownKeys: await nearKeys(database, resolved.unknownKeys, search.visibility),
    isPartial: resolved.partial,
  }
}

/** A query as it was typed, checked for searching. */
export function typedQuery(text: string): { readonly query: Query; readonly mistakes: readonly QueryMistake[] } {
  return checkPatterns(parseQuery(text))
}
