/**
 * A query as a plain tree. It is evaluated for each platform image of a tag; a tag is found when one of its images
 * satisfies the whole query. Unknown facts (an image without a date, signatures not checked yet) satisfy neither a term
 * nor its negation, like NULL in SQL.
 */
export type Query = QueryGroup | QueryNegation | QueryTerm

/** `and` of nothing is satisfied by everything: the empty query. */
export interface QueryGroup {
  readonly op: 'and' | 'or'
  readonly terms: readonly Query[]
  readonly at: Span
}

export interface QueryNegation {
  readonly op: 'not'
  readonly term: Query
  readonly at: Span
}

export type QueryTerm = { readonly op: 'term'; readonly at: Span } & TermBody

/** Where in the text, in UTF-16 code units: from `start` up to but not including `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type TermBody =
  /** Typed without a qualifier: somewhere in the name of the repository or the tag, whatever its case. */
  | { readonly field: 'name'; readonly match: TextMatch }
  /** The whole name, whatever its case. */
  | { readonly field: 'registry' | 'repo' | 'tag'; readonly anyOf: readonly TextMatch[] }
  | { readonly field: 'label'; readonly key: string; readonly test: 'present' }
  /** `is`: one of the key's values matches. `differs`: the key is there and none of its values matches. */
  | {
      readonly field: 'label'
      readonly key: string
      readonly test: 'is' | 'differs'
      readonly anyOf: readonly TextMatch[]
    }
  /** As `linux/arm64/v8`; its beginning up to a slash matches too. */
  | { readonly field: 'platform'; readonly anyOf: readonly TextMatch[] }
  | { readonly field: 'type'; readonly anyOf: readonly ImageType[] }
  | { readonly field: 'has'; readonly anyOf: readonly Attachment[] }
  /** Beginnings of the hexadecimal part, at least 6 digits. */
  | { readonly field: 'digest'; readonly anyOf: readonly string[] }
  /** Milliseconds since the epoch; `ago`: milliseconds before now. */
  | { readonly field: 'created' | 'moved'; readonly unit: 'at' | 'ago'; readonly range: Range }
  /** Bytes; layers. */
  | { readonly field: 'size' | 'layers'; readonly range: Range }

/** `exact`: the whole text. `contains`: somewhere in it. `pattern`: RE2 syntax, found anywhere. */
export type TextMatch = { readonly is: 'exact' | 'contains' | 'glob' | 'pattern'; readonly text: string }

/** From `from` (inclusive) up to `before` (exclusive); whole numbers. */
export interface Range {
  readonly from?: number
  readonly before?: number
}

/** What the manifest is that the tag points at. */
export const IMAGE_TYPES = ['image', 'index', 'helm', 'artifact', 'schema1'] as const
export type ImageType = (typeof IMAGE_TYPES)[number]

export const ATTACHMENTS = ['signature', 'sbom', 'provenance'] as const
export type Attachment = (typeof ATTACHMENTS)[number]

/** Longer queries are refused. */
export const MAX_QUERY_LENGTH = 1_000
export const MAX_QUERY_TERMS = 50

export const EVERYTHING: QueryGroup = { op: 'and', terms: [], at: { start: 0, end: 0 } }

/** The terms of a query, in the order of the text, whether negated or not. */
export function termsOf(query: Query): QueryTerm[] {
  if (query.op === 'term') return [query]
  return query.op === 'not' ? termsOf(query.term) : query.terms.flatMap(termsOf)
}

/** The label keys that a query names, each once, in the order of the text. */
export function labelKeysOf(query: Query): string[] {
  return [...new Set(termsOf(query).flatMap((term) => (term.field === 'label' ? [term.key] : [])))]
}
