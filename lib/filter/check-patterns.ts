import { FormatError } from '../oci/format-error.ts'
import { compileText } from './match-text.ts'
import type { ParsedQuery } from './parse-query.ts'
import type { Query, QueryTerm, TextMatch } from './query.ts'
import { queryGroup } from './query-group.ts'
import type { QueryMistake } from './query-mistake.ts'

/**
 * The query without terms whose regular expressions don't compile or whose globs are too long; each is a mistake. On the
 * server only: the browser need not load the engine.
 */
export function checkPatterns({ query, mistakes }: ParsedQuery): ParsedQuery {
  const found: QueryMistake[] = []
  const checked = without(query, (term) => {
    const mistake = mistakeIn(term)
    if (mistake) found.push(mistake)
    return mistake !== undefined
  })
  if (found.length === 0) return { query, mistakes }
  return {
    query: checked ?? { op: 'and', terms: [], at: query.at },
    mistakes: [...mistakes, ...found].sort((a, b) => a.at.start - b.at.start),
  }
}

function without(query: Query, isWrong: (term: QueryTerm) => boolean): Query | undefined {
  if (query.op === 'term') return isWrong(query) ? undefined : query
  if (query.op === 'not') {
    const term = without(query.term, isWrong)
    return term && { ...query, term }
  }
  const terms = query.terms.map((term) => without(term, isWrong))
  return terms.every((term) => term === undefined) ? undefined : queryGroup(query.op, terms, query.at)
}

function mistakeIn(term: QueryTerm): QueryMistake | undefined {
  for (const match of matchesOf(term)) {
    try {
      compileText(match, { ignoreCase: true })
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      const reason = error.cause instanceof SyntaxError ? ` (${error.cause.message})` : ''
      return { code: 'pattern', at: term.at, found: match.text, expected: error.expected + reason, near: [] }
    }
  }
  return undefined
}

function matchesOf(term: QueryTerm): readonly TextMatch[] {
  if ('match' in term) return [term.match]
  if (!('anyOf' in term)) return []
  return term.anyOf.filter((value): value is TextMatch => typeof value === 'object')
}
