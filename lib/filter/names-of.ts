import type { Query } from './query.ts'

/** A query where words without a qualifier mean one kind of name: in a list of tags the tags, not their repository. */
export function namesOf(query: Query, field: 'repo' | 'tag'): Query {
  if (query.op === 'not') return { ...query, term: namesOf(query.term, field) }
  if (query.op !== 'term') return { ...query, terms: query.terms.map((term) => namesOf(term, field)) }
  return query.field === 'name' ? { op: 'term', at: query.at, field, anyOf: [query.match] } : query
}
