import type { Query, Span } from './query.ts'

/** Groups of the same kind inside are part of this one; a group of one is that one. */
export function queryGroup(op: 'and' | 'or', parts: readonly (Query | undefined)[], at: Span): Query {
  const terms = parts.flatMap((part) => (part === undefined ? [] : part.op === op ? part.terms : [part]))
  const [only] = terms
  return terms.length === 1 && only ? only : { op: terms.length === 0 ? 'and' : op, terms, at }
}
