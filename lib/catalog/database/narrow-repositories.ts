import type { KnownRepository } from './repository-index.ts'
import type { Resolved } from './resolve-query.ts'

/** The repositories in which anything can match, by the terms that everything must satisfy. */
export function narrowRepositories(
  query: Resolved,
  repositories: readonly KnownRepository[],
): readonly KnownRepository[] {
  if (query.op === 'and')
    return query.terms.reduce((narrowed, term) => narrowRepositories(term, narrowed), repositories)
  if (query.op === 'not')
    return query.term.op === 'term' && isOfRepositories(query.term)
      ? repositories.filter(({ id }) => !idsOf(query.term).has(id))
      : repositories
  return isOfRepositories(query) ? repositories.filter(({ id }) => idsOf(query).has(id)) : repositories
}

function isOfRepositories(query: Resolved): boolean {
  return query.op === 'term' && query.found.kind === 'repositories' && query.found.tags === undefined
}

function idsOf(query: Resolved): ReadonlySet<number> {
  return query.op === 'term' && query.found.kind === 'repositories' ? query.found.ids : new Set()
}
