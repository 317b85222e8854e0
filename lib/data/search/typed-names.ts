import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import { judgeRepositories, judgeTags } from '../../catalog/database/matching-names.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { compileFilter } from '../../filter/compile-filter.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { isNameFilter } from '../../filter/is-name-filter.ts'
import type { NameFilter } from '../../filter/name-filter.ts'
import { namesOf } from '../../filter/names-of.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import { type Query, type QueryTerm, termsOf } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { RepositoryName, Tag } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'
import type { Repository } from '../../registry/registry.ts'
import { assertRecorded } from '../registries/open.ts'

/** What was typed above a list of names: a filter of names, or a query that the catalog has answered. */
export interface TypedNames {
  /** Absent: nothing was typed, and everything passes. */
  readonly filter?: NameFilter
  readonly isQuery: boolean
  /** Of the names, those that a query can’t judge: too little has been read of them. They don’t pass. */
  readonly unknown?: ReadonlySet<string>
  /** Why it can't be used: nothing passes. In words, and as it was thrown. */
  readonly problem?: Problem
  readonly error?: unknown
  /** What is wrong in a query. Its other terms count. */
  readonly mistake?: string
}

/** Above the tags of a repository. Callers have opened the repository. */
export function typedTags(repository: Repository, typed: string): Promise<TypedNames> {
  const place = placeOf(repository)
  return typedNames(typed, async (query) => {
    // Tags that haven't been read have names as well.
    if (asksOnlyFor(query, ['name', 'registry', 'repo', 'tag'])) {
      const tags = (await catalogOf(repository.registry).catalog.tags(place))?.value.tags
      return { found: tagsNamed(query, place, tags) }
    }
    assertRecorded(repository)
    const { found, unknown } = await judgeTags(await theCatalogDatabase(), place, { query, now: Date.now() })
    return { found: [...found], unknown }
  })
}

/** Whether names decide it, and nothing that has to be read. */
function asksOnlyFor(query: Query, names: readonly QueryTerm['field'][]): boolean {
  return termsOf(query).every(({ field }) => names.includes(field))
}

function tagsNamed(query: Query, { registry, repository }: Place, tags: readonly Tag[] = []): readonly Tag[] {
  const test = compileQuery(query, Date.now())
  return tags.filter((tag) => test({ registry, repository, tag, has: {} }) === true)
}

/** Above the repositories of a registry: by the newest tag of each. */
export function typedRepositories(visibility: Visibility, registry: string, typed: string): Promise<TypedNames> {
  return typedNames(typed, async (query) => {
    if (!visibility.has(registry)) throw new AccessError('records', 'browse', { registry })
    const database = await theCatalogDatabase()
    const asked = namesOf(query, 'repo')
    if (asksOnlyFor(asked, ['registry', 'repo'])) {
      const { list } = (await database.repositories.visible(visibility)).of(registry)
      return { found: repositoriesNamed(asked, registry, list) }
    }
    const search = { queries: [query], now: Date.now() }
    const [judged] = await judgeRepositories(database, { visibility, registry }, search)
    return judged ? { found: [...judged.found], unknown: judged.unknown } : { found: [] }
  })
}

function repositoriesNamed(query: Query, registry: string, repositories: readonly { readonly name: RepositoryName }[]) {
  const test = compileQuery(query, Date.now())
  const isNamed = (repository: RepositoryName) => test({ registry, repository, tag: '', has: {} }) === true
  return repositories.map(({ name }) => name).filter(isNamed)
}

interface Names extends Pick<TypedNames, 'unknown'> {
  readonly found: readonly string[]
}

async function typedNames(typed: string, find: (query: Query) => Promise<Names>): Promise<TypedNames> {
  if (isNameFilter(typed)) {
    const filter = parseFilter(typed)
    if (!filter) return { isQuery: false }
    try {
      compileFilter(filter)
      return { filter, isQuery: false }
    } catch (error) {
      return { filter: { anyOf: [] }, isQuery: false, problem: problemOf(error), error }
    }
  }
  const { query, mistakes } = typedQuery(typed)
  const mistake = mistakes[0] && { mistake: queryMistakeText(mistakes[0]) }
  // Nothing of it is finished: what is being typed empties no page.
  if (query.op === 'and' && query.terms.length === 0) return { isQuery: true, ...mistake }
  try {
    const { found, ...names } = await find(query)
    return { filter: { anyOf: found }, isQuery: true, ...names, ...mistake }
  } catch (error) {
    return { filter: { anyOf: [] }, isQuery: true, problem: problemOf(error), error }
  }
}
