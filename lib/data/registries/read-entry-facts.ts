import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type RepositoryRow, repositoryRows } from '../../catalog/database/repository-rows.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { attempt } from '../../problem/attempt.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { TreeEntry } from './tree.ts'

/** What the catalog knows about the repositories of a page, by path. Without a database, only the names are shown. */
export async function readEntryFacts(
  actor: Actor,
  registry: string,
  entries: readonly TreeEntry[],
): Promise<Readonly<Record<string, RepositoryRow>>> {
  const names = entries.flatMap(({ path, isRepository }) => (isRepository ? [path] : []))
  if (names.length === 0) return {}
  const rows = await attempt(async () =>
    repositoryRows(await theCatalogDatabase(), { visibility: searchVisibility(actor), registry, names }),
  )
  return rows.ok ? Object.fromEntries(rows.value.map((row) => [row.repository, row])) : {}
}
