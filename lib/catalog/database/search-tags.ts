import { checkPatterns } from '../../filter/check-patterns.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { type Query, termsOf } from '../../filter/query.ts'
import type { QueryMistake } from '../../filter/query-mistake.ts'
import type { CatalogDatabase } from './catalog-database.ts'
import { findTags } from './find-tags.ts'
import { nearKeys } from './near-keys.ts'
import { queryCondition } from './query-condition.ts'
import { readFoundTags } from './read-found-tags.ts'
import { resolveQuery } from './resolve-query.ts'
import type { FoundTag, TagSearch } from './tag-search.ts'

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
