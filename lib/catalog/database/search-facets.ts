import { sql } from 'kysely'
import type { CatalogDatabase } from './catalog-database.ts'
import { findTags } from './find-tags.ts'
import { queryCondition } from './query-condition.ts'
import type { KnownRepository } from './repository-index.ts'
import { resolveQuery } from './resolve-query.ts'
import { originalText } from './stored-text.ts'
import type { TagSearch } from './tag-search.ts'

/** Tags that are counted. What finds more is counted as "at least" so many. */
const MOST_COUNTED = 10_000
const DAY = 86_400_000
const MIB = 2 ** 20

export interface SearchFacets {
  readonly tags: number
  readonly repositories: number
  /** How many tags are found in each repository. */
  readonly byRepository: readonly (Pick<KnownRepository, 'registry' | 'name'> & { readonly tags: number })[]
  /** False: all counts are "at least", over the first tags by name. */
  readonly isComplete: boolean
  /** Each facet's values with the tags that have them, the most frequent first. A value is a term to add to the query. */
  readonly facets: Readonly<Record<FacetName, readonly FacetValue[]>>
}

export type FacetName = 'registry' | 'namespace' | 'platform' | 'type' | 'signature' | 'age' | 'size'

export interface FacetValue {
  readonly value: string
  /** What narrows the query to it: `repo:team-a/*`, `age:>=90d age:<180d`. Absent where nothing can say it. */
  readonly term?: string
  readonly tags: number
}

/** How many tags a query finds, and of what kinds. @throws StoreError */
export async function searchFacets(
  database: CatalogDatabase,
  search: Pick<TagSearch, 'query' | 'visibility' | 'now'>,
  signal?: AbortSignal,
): Promise<SearchFacets> {
  const { store } = database
  const visible = await database.repositories.visible(search.visibility)
  const { query: resolved } = await resolveQuery(database, search.query, visible.list)
  const found = await findTags(store, {
    sort: 'repository',
    limit: MOST_COUNTED,
    now: search.now,
    resolved,
    visible,
    signal,
  })
  const isFound = store.dialect.isOneOf(sql.ref('t.id'), found.ids)
  const { rows } = await sql<Row>`
    select t.repository_id, m.type, m.signature, t.created, t.size
    from tag t join manifest m on m.id = t.manifest_id where ${isFound}`.execute(store.read)
  const condition = queryCondition(resolved, { dialect: store.dialect, now: search.now })
  const platforms = await sql<{ name: string; tags: number }>`
    select p.name, count(distinct t.id) as tags
    from tag t join manifest m on m.id = t.manifest_id join image i on i.manifest_id = m.id
    join platform p on p.id = i.platform_id
    where ${isFound} and ${condition} group by p.name`.execute(store.read)
  const repositoryOf = ({ repository_id: id }: Row) => visible.byId.get(id)
  const byRepository = Map.groupBy(rows, ({ repository_id: id }) => id)
  const counts = (named: (row: Row) => string, termOf: (value: string) => string | undefined) =>
    facet(
      Array.from(Map.groupBy(rows, named), ([value, { length }]) => ({ value, tags: length })),
      termOf,
    )
  return {
    tags: rows.length,
    repositories: byRepository.size,
    byRepository: Array.from(byRepository, ([id, { length }]) => ({
      repository: visible.byId.get(id),
      tags: length,
    })).flatMap(({ repository, tags }) =>
      repository ? [{ registry: repository.registry, name: repository.name, tags }] : [],
    ),
    isComplete: found.next === undefined,
    facets: {
      registry: counts(
        (row) => repositoryOf(row)?.registry ?? '',
        (value) => `registry:${value}`,
      ),
      namespace: counts(
        (row) => namespaceOf(repositoryOf(row)?.name ?? ''),
        (value) => (value === '' ? 'repo:*' : `repo:${value}/*`),
      ),
      platform: facet(
        platforms.rows.map(({ name, tags }) => ({ value: originalText(name), tags })),
        (value) => `platform:${value}`,
      ),
      type: counts(
        ({ type }) => type,
        (value) => `type:${value}`,
      ),
      signature: counts(
        ({ signature }) => (signature === null ? 'unknown' : signature ? 'signed' : 'not signed'),
        (value) => ({ signed: 'has:signature', 'not signed': '-has:signature' })[value],
      ),
      age: counts(
        ({ created }) => rangeName(AGES, created < 0 ? undefined : search.now - created),
        (value) => AGES.find(({ name }) => name === value)?.term,
      ),
      size: counts(
        ({ size }) => rangeName(SIZES, size < 0 ? undefined : size),
        (value) => SIZES.find(({ name }) => name === value)?.term,
      ),
    },
  }
}

interface Row {
  readonly repository_id: number
  readonly type: string
  readonly signature: number | null
  readonly created: number
  readonly size: number
}

function facet(counts: readonly { value: string; tags: number }[], termOf: (value: string) => string | undefined) {
  return counts
    .map(({ value, tags }): FacetValue => {
      const term = termOf(value)
      return { value, ...(term !== undefined && { term }), tags }
    })
    .sort((a, b) => b.tags - a.tags || (a.value < b.value ? -1 : 1))
}

/** All but the last segment; `''` for a repository at the root. */
function namespaceOf(repository: string): string {
  return repository.slice(0, Math.max(0, repository.lastIndexOf('/')))
}

interface NamedRange {
  readonly name: string
  readonly before: number
  readonly term: string
}

/** Each up to the next. */
const AGES: readonly NamedRange[] = [
  { name: 'under 30 days', before: 30 * DAY, term: 'age:<30d' },
  { name: '30 to 90 days', before: 90 * DAY, term: 'age:>=30d age:<90d' },
  { name: '90 to 180 days', before: 180 * DAY, term: 'age:>=90d age:<180d' },
  { name: '180 days to 1 year', before: 365 * DAY, term: 'age:>=180d age:<1y' },
  { name: 'over 1 year', before: Number.POSITIVE_INFINITY, term: 'age:>=1y' },
]
const SIZES: readonly NamedRange[] = [
  { name: 'under 100 MiB', before: 100 * MIB, term: 'size:<100MiB' },
  { name: '100 MiB to 1 GiB', before: 1_024 * MIB, term: 'size:>=100MiB size:<1GiB' },
  { name: 'over 1 GiB', before: Number.POSITIVE_INFINITY, term: 'size:>=1GiB' },
]

function rangeName(ranges: readonly NamedRange[], value: number | undefined): string {
  return value === undefined ? 'unknown' : (ranges.find(({ before }) => value < before)?.name ?? 'unknown')
}
