import { typedQuery } from '../../catalog/database/search-tags.ts'
import type { Query } from '../../filter/query.ts'
import { FormatError } from '../../oci/format-error.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'

const EXPECTED = 'a query such as repo:team-a/** -label:team'

/**
 * A query that decides what is exported: without the part that has a mistake, it would stand for more than was meant.
 * @throws FormatError `pattern`
 */
export function finishedQuery(text: string): Query {
  const { query, mistakes } = typedQuery(text)
  assertFinished(text, mistakes.map(queryMistakeText))
  return query
}

/** @param mistakes of the query, in words @throws FormatError `pattern` that names the first */
export function assertFinished(text: string, [mistake]: readonly string[]): void {
  if (mistake !== undefined) throw new FormatError('pattern', text, EXPECTED, { cause: new SyntaxError(mistake) })
}
