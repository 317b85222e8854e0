import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { searchTags, typedQuery } from '../../catalog/database/search-tags.ts'
import type { FoundTag } from '../../catalog/database/tag-search.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { termsOf } from '../../filter/query.ts'
import type { SearchPageState } from '../../routes/search-page-query.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import type { Export } from './export.ts'
import type { ExportRow } from './export-text.ts'

const AT_ONCE = 1_000
const COLUMNS = [
  'registry',
  'repository',
  'tag',
  'digest',
  'type',
  'matching platforms',
  'platforms',
  'created',
  'moved',
  'size',
]

/** Every tag that a query finds among what the actor may export, in the order of the page. @throws StoreError */
export async function exportSearch(
  actor: Actor,
  { q, sort }: Pick<SearchPageState, 'q' | 'sort'>,
  signal?: AbortSignal,
): Promise<Export> {
  const database = await theCatalogDatabase()
  const { query } = typedQuery(q)
  const search = { query, visibility: searchVisibility(actor, 'export'), sort, limit: AT_ONCE, now: Date.now() }
  const keys = [...new Set(termsOf(query).flatMap((term) => (term.field === 'label' ? [term.key] : [])))]
  async function* pages() {
    let after: string | undefined
    do {
      const page = await searchTags(database, { ...search, ...(after && { after }) }, signal)
      yield page.tags.map((tag) => rowOf(tag, keys))
      after = page.next
    } while (after !== undefined)
  }
  return { name: 'tags', columns: [...COLUMNS, ...keys.map(labelColumn)], pages: pages() }
}

export function labelColumn(key: string): string {
  return `label:${key}`
}

function rowOf(found: FoundTag, keys: readonly string[]): ExportRow {
  const { registry, repository, tag, digest, type, created, movedAt, size, images, labels } = found
  const matching = images.filter(({ matches }) => matches)
  return {
    registry,
    repository,
    tag,
    digest,
    type,
    'matching platforms': matching.map(({ platform }) => platform ?? 'unknown'),
    platforms: images.length,
    created: timeOf(created),
    moved: timeOf(movedAt),
    size: size ?? null,
    ...Object.fromEntries(
      keys.map((key) => [labelColumn(key), labels.filter((label) => label.key === key).map(({ value }) => value)]),
    ),
  }
}

function timeOf(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString()
}
