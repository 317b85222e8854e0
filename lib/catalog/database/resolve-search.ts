import type { CatalogDatabase } from './catalog-database.ts'
import { catalogSize, estimateQuery, type QueryEstimate } from './estimate-query.ts'
import type { VisibleRepositories } from './repository-index.ts'
import { type Resolved, resolveQuery } from './resolve-query.ts'
import type { TagSearch } from './tag-search.ts'

/** What has to be looked up before a query is searched: once for its page and its counts. */
export interface ResolvedSearch {
  readonly visible: VisibleRepositories
  readonly resolved: Resolved
  /** Of the names, values or digests only a part was tried. */
  readonly isPartial: boolean
  readonly estimate: QueryEstimate
}

/** @throws StoreError */
export async function resolveSearch(
  database: CatalogDatabase,
  { query, visibility }: Pick<TagSearch, 'query' | 'visibility'>,
): Promise<ResolvedSearch> {
  const visible = await database.repositories.visible(visibility)
  const [{ query: resolved, partial }, size] = await Promise.all([
    resolveQuery(database, query, visible.list),
    catalogSize(database.store),
  ])
  return { visible, resolved, isPartial: partial, estimate: await estimateQuery(database.store, resolved, size) }
}
