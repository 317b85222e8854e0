import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { everyTag } from '../../catalog/database/every-tag.ts'
import { readAhead } from '../../catalog/database/read-ahead.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { termsOf } from '../../filter/query.ts'
import type { SearchPageState } from '../../routes/search-page-query.ts'
import { recordExport } from '../audit/record-export.ts'
import { finishedQuery } from '../search/finished-query.ts'
import { shownQuery } from '../search/read-search.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { Export } from './export.ts'
import { exportRow, labelColumn, TAG_COLUMNS } from './tag-row.ts'

/**
 * Every tag that a query finds among what the actor may export, in the order of the page. @throws AccessError, FormatError
 * `pattern`, StoreError, AuditError
 */
export async function exportSearch(
  actor: Actor,
  { q, sort, referrers }: Pick<SearchPageState, 'q' | 'sort' | 'referrers'>,
  signal?: AbortSignal,
): Promise<Export> {
  // What finds nothing for want of any right would look like an empty result.
  authorize(actor, 'export', {})
  const database = await theCatalogDatabase()
  const query = shownQuery(finishedQuery(q), { q, ...(referrers !== undefined && { referrers }) })
  const search = { query, visibility: searchVisibility(actor, 'export'), sort, now: Date.now() }
  await recordExport(actor, 'search results', { query: q })
  const keys = [...new Set(termsOf(query).flatMap((term) => (term.field === 'label' ? [term.key] : [])))]
  async function* pages() {
    for await (const tags of readAhead(everyTag(database, search, signal)))
      yield tags.map((tag) => exportRow(tag, keys))
  }
  return { name: 'tags', columns: [...TAG_COLUMNS, ...keys.map(labelColumn)], pages: pages() }
}
