import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { type RepositoryRow, repositoryRows } from '../../catalog/database/repository-rows.ts'
import { resolveSearch } from '../../catalog/database/resolve-search.ts'
import { type SearchFacets, searchFacets } from '../../catalog/database/search-facets.ts'
import { searchTags, type TagSearchPage, typedQuery } from '../../catalog/database/search-tags.ts'
import type { FoundTag } from '../../catalog/database/tag-search.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { describeQuery } from '../../filter/describe-query.ts'
import type { Words } from '../../filter/describe-term.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { type Query, termsOf } from '../../filter/query.ts'
import { withoutReferrerTags } from '../../filter/without-referrer-tags.ts'
import { barePlace, isSamePlace, type Place } from '../../oci/place.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'
import type { SearchPageState } from '../../routes/search-page-query.ts'
import { type RepositoryOwners, repositoryOwners } from '../policy/repository-owners.ts'
import { agesOf, type CatalogAge, type ReadCoverage, readCoverage } from './read-catalog-ages.ts'
import { searchVisibility } from './search-visibility.ts'

export type { FoundTag } from '../../catalog/database/tag-search.ts'

export const SEARCH_PAGE_SIZE = 50

export interface SearchResult {
  readonly query: TypedQuery
  /** In the order of the sort; for `repository`, all tags of one together. */
  readonly groups: readonly FoundGroup[]
  readonly next?: string
  readonly unknownKeys: TagSearchPage['unknownKeys']
  readonly isPartial: boolean
  /** Tags that only hold signatures and other referrers are left out. */
  readonly hidesReferrers: boolean
  readonly counts: Omit<SearchFacets, 'byRepository'>
  readonly ages: readonly CatalogAge[]
  /** The query may find more: in repositories that haven’t been read yet, or because it is partial. */
  readonly mayFindMore: boolean
}

/** What was typed: as words, and with what is wrong in it. */
export interface TypedQuery {
  readonly text: string
  readonly words: Words
  readonly mistakes: readonly { readonly start: number; readonly end: number; readonly text: string }[]
  /** Each top-level term as it was typed: without it, `rest` is left. */
  readonly terms: readonly { readonly text: string; readonly rest: string; readonly isNegated: boolean }[]
}

export interface FoundGroup extends Place {
  readonly tags: readonly FoundTag[]
  /** Tags that are found in the repository, on all pages: absent where they are too many to count. */
  readonly found?: number
  /** All tags of the repository. */
  readonly total?: number
  /** By the policies; absent where none says how they are found, or they aren't known. */
  readonly owners?: RepositoryOwners
}

/** One page of what a query finds among what the actor may see. @throws StoreError */
export async function readSearch(actor: Actor, state: SearchPageState, signal?: AbortSignal): Promise<SearchResult> {
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const typed = typedQuery(state.q)
  const query = shownQuery(typed.query, state)
  const search = { query, visibility, now: Date.now() }
  const resolving = resolveSearch(database, search)
  const [page, facets, coverage] = await Promise.all([
    searchTags(
      database,
      { ...search, sort: state.sort, limit: SEARCH_PAGE_SIZE, ...(state.after && { after: state.after }) },
      signal,
      resolving,
    ),
    searchFacets(database, search, signal, resolving),
    readCoverage(actor),
  ])
  const isAll = !state.after && page.next === undefined
  const { byRepository, ...counts } = isAll ? { ...facets, ...countsOf(page.tags) } : facets
  const [rows, owners] = await Promise.all([
    repositoriesOf(visibility, page.tags),
    state.sort === 'repository' ? repositoryOwners(database, visibility, page.tags) : undefined,
  ])
  const groups = grouped(page.tags).map((tags): FoundGroup => {
    const place = barePlace(tags[0] as FoundTag)
    const found = byRepository.find((each) => each.registry === place.registry && each.name === place.repository)?.tags
    const row = rows.find((each) => isSamePlace(each, place))
    const own = owners?.get(`${place.registry}/${place.repository}`)
    return {
      ...place,
      tags,
      ...(counts.isComplete && found !== undefined && { found }),
      ...(row && { total: row.tags }),
      ...(own && { owners: own }),
    }
  })
  return {
    query: describeTyped(state.q),
    groups,
    ...(page.next !== undefined && { next: page.next }),
    unknownKeys: page.unknownKeys,
    isPartial: page.isPartial,
    hidesReferrers: query !== typed.query,
    counts,
    ages: coverage.map(agesOf),
    mayFindMore: page.isPartial || mayFindMore(query, coverage),
  }
}

/** Of a page that holds everything: the catalog can have changed between its reading and that of the facets. */
function countsOf(tags: readonly FoundTag[]): Pick<SearchFacets, 'tags' | 'repositories' | 'byRepository'> {
  const repositories = Map.groupBy(tags, ({ registry, repository }) => `${registry}/${repository}`)
  const byRepository = [...repositories.values()].flatMap((some) =>
    some[0] ? [{ registry: some[0].registry, name: some[0].repository, tags: some.length }] : [],
  )
  return { tags: tags.length, repositories: byRepository.length, byRepository }
}

/** Nothing but the names of what hasn’t been read is known: what they don’t decide may be found there. */
function mayFindMore(query: Query, coverage: readonly ReadCoverage[]): boolean {
  const test = compileQuery(query, 0)
  // A bare word matches the names of tags too, which aren’t known.
  const mayNameTag = termsOf(query).some(({ field }) => field === 'name')
  return coverage.some(({ registry, unread }) =>
    unread.some((repository) => mayNameTag || test({ registry, repository, has: {} }) !== false),
  )
}

/** The query of a page: without tags that only hold referrers, unless it asks for them. */
export function shownQuery(query: Query, { q, referrers = false }: Pick<SearchPageState, 'q' | 'referrers'>): Query {
  return referrers || /sha(?:256|512)-/i.test(q) ? query : withoutReferrerTags(query)
}

/** @param text as it was typed */
export function describeTyped(text: string): TypedQuery {
  const { query, mistakes } = typedQuery(text)
  const parts = query.op === 'and' ? query.terms : [query]
  return {
    text,
    words: describeQuery(query),
    mistakes: mistakes.map((mistake) => ({ ...mistake.at, text: queryMistakeText(mistake) })),
    terms: parts
      .filter((part) => termsOf(part).length > 0)
      .map((part) => ({
        text: text.slice(part.at.start, part.at.end),
        rest: `${text.slice(0, part.at.start)} ${text.slice(part.at.end)}`.replaceAll(/ {2,}/g, ' ').trim(),
        isNegated: part.op === 'not',
      })),
  }
}

/** Neighbours of the same repository. */
function grouped(tags: readonly FoundTag[]): readonly (readonly FoundTag[])[] {
  const groups: FoundTag[][] = []
  for (const tag of tags) {
    const last = groups.at(-1)
    if (last?.[0] && isSamePlace(last[0], tag)) last.push(tag)
    else groups.push([tag])
  }
  return groups
}

async function repositoriesOf(visibility: Visibility, tags: readonly FoundTag[]): Promise<RepositoryRow[]> {
  const database = await theCatalogDatabase()
  const byRegistry = Map.groupBy(tags, ({ registry }) => registry)
  const rows = Array.from(byRegistry, ([registry, found]) =>
    repositoryRows(database, { visibility, registry, names: [...new Set(found.map(({ repository }) => repository))] }),
  )
  return (await Promise.all(rows)).flat()
}
