import 'server-only'
import { AccessError } from '../../access/access-error.ts'
import { matchingRepositories, matchingTags } from '../../catalog/database/matching-names.ts'
import { typedQuery } from '../../catalog/database/search-tags.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import type { Visibility } from '../../catalog/database/visibility.ts'
import { placeOf } from '../../catalog/read-through/place-of.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { compileFilter } from '../../filter/compile-filter.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { isNameFilter } from '../../filter/is-name-filter.ts'
import type { NameFilter } from '../../filter/name-filter.ts'
import { parseFilter } from '../../filter/parse-filter.ts'
import { type Query, type QueryTerm, termsOf } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
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
  /** Why it can't be used: nothing passes. In words, and as it was thrown. */
  readonly problem?: Problem
  readonly error?: unknown
  /** What is wrong in a query. Its other terms count. */
  readonly mistake?: string
}

/** Above the tags of a repository. Callers have opened the repository. */
export async function typedTags(repository: Repository, typed: string): Promise<TypedNames> {
  const place = placeOf(repository)
  let isByNames = false
  const names = await typedNames(typed, async (query) => {
    isByNames = termsOf(query).every(({ field }) => NAMING.includes(field))
    // Tags that haven't been read have names as well.
    if (isByNames)
      return tagsNamed(query, place, (await catalogOf(repository.registry).catalog.tags(place))?.value.tags)
    assertRecorded(repository)
    return matchingTags(await theCatalogDatabase(), place, { query, now: Date.now() })
  })
  return isByNames ? { ...names, isQuery: false } : names
}

/** What is said of a tag's name and place alone. */
const NAMING: readonly QueryTerm['field'][] = ['name', 'registry', 'repo', 'tag']

function tagsNamed(query: Query, { registry, repository }: Place, tags: readonly Tag[] = []): readonly Tag[] {
  const test = compileQuery(query, Date.now())
  return tags.filter((tag) => test({ registry, repository, tag, has: {}, digests: [] }) === true)
}

/** Above the repositories of a registry: by the newest tag of each. */
export function typedRepositories(visibility: Visibility, registry: string, typed: string): Promise<TypedNames> {
  return typedNames(typed, async (query) => {
    if (!visibility.has(registry)) throw new AccessError('records', 'browse', { registry })
    return matchingRepositories(await theCatalogDatabase(), { visibility, registry }, { query, now: Date.now() })
  })
}

async function typedNames(typed: string, find: (query: Query) => Promise<readonly string[]>): Promise<TypedNames> {
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
    return { filter: { anyOf: await find(query) }, isQuery: true, ...mistake }
  } catch (error) {
    return { filter: { anyOf: [] }, isQuery: true, problem: problemOf(error), error }
  }
}
