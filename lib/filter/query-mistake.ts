import type { Span } from './query.ts'

/** What is wrong with a part of a query. That part is left out, and the rest still filters. */
export interface QueryMistake {
  readonly code: 'qualifier' | 'value' | 'term' | 'parenthesis' | 'quote' | 'too-long' | 'too-many-terms' | 'pattern'
  readonly at: Span
  /** The text at fault; empty where something is missing. */
  readonly found: string
  /** What belongs there, with an example: `a size, for example >1GiB`. */
  readonly expected: string
  /** What was probably meant, most likely first. */
  readonly near: readonly string[]
}
