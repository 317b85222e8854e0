import { parseQuery } from './parse-query.ts'

/**
 * Whether a text filters names alone, as `parseFilter` reads it: words, one glob or a regular expression. Anything that
 * only the query language understands (a qualifier, a label, a negation, `or`, quotes) is a query.
 */
export function isNameFilter(typed: string): boolean {
  const text = typed.trim()
  if (text.length > 2 && text.startsWith('/') && text.endsWith('/')) return true
  if (/["()]/.test(text)) return false
  const { query, mistakes } = parseQuery(text)
  if (mistakes.length > 0) return false
  const terms = query.op === 'and' ? query.terms : [query]
  return terms.every((term) => term.op === 'term' && term.field === 'name')
}
