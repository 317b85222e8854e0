import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { type CatalogDatabase, reportDatabase } from '../../catalog/database/catalog-database.ts'
import { everyTag } from '../../catalog/database/every-tag.ts'
import { readAhead } from '../../catalog/database/read-ahead.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { labelKeysOf } from '../../filter/query.ts'
import { barePlace, type Place } from '../../oci/place.ts'
import type { SearchPageState } from '../../routes/search-page-query.ts'
import { recordExport } from '../audit/record-export.ts'
import { ownerKeys, type RepositoryOwners, repositoryOwners } from '../policy/repository-owners.ts'
import { finishedQuery } from '../search/finished-query.ts'
import { shownQuery } from '../search/read-search.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { Export } from './export.ts'
import { exportRow, labelColumn, OWNER_COLUMN, TAG_COLUMNS } from './tag-row.ts'

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
  const keys = labelKeysOf(query)
  const ownersOf = ownerKeys() && ownersIn(reportDatabase(database), search.visibility)
  async function* pages() {
    for await (const tags of readAhead(everyTag(database, search, signal))) {
      const owners = await ownersOf?.(tags)
      yield tags.map((tag) => exportRow(tag, keys, owners && (owners.get(nameOf(tag)) ?? [])))
    }
  }
  const columns = [...TAG_COLUMNS, ...(ownersOf ? [OWNER_COLUMN] : []), ...keys.map(labelColumn)]
  return { name: 'tags', columns, pages: pages() }
}

/** Owners by repository, each looked up once. */
function ownersIn(database: CatalogDatabase, visibility: Visibility) {
  const known = new Map<string, RepositoryOwners>()
  return async (tags: readonly Place[]): Promise<ReadonlyMap<string, RepositoryOwners>> => {
    const fresh = new Map(
      tags.map((tag) => [nameOf(tag), barePlace(tag)] as const).filter(([name]) => !known.has(name)),
    )
    const found = await repositoryOwners(database, visibility, [...fresh.values()])
    for (const name of fresh.keys()) known.set(name, found.get(name) ?? [])
    return known
  }
}

function nameOf({ registry, repository }: Place): string {
  return `${registry}/${repository}`
}
