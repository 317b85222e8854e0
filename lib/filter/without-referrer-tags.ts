import type { Query, TextMatch } from './query.ts'

const at = { start: 0, end: 0 }

/** Tags that hold signatures and other referrers of a digest: `sha256-…` of cosign, and the fallback of the OCI specification. */
const REFERRER_TAGS: readonly TextMatch[] = [
  { is: 'glob', text: `sha256-${'?'.repeat(64)}*` },
  // A tag has 128 characters at most, and a pattern 100.
  { is: 'glob', text: `sha512-${'?'.repeat(90)}*` },
]

/** A query that finds the same without those tags. */
export function withoutReferrerTags(query: Query): Query {
  return {
    op: 'and',
    at: query.at,
    terms: [query, { op: 'not', at, term: { op: 'term', at, field: 'tag', anyOf: REFERRER_TAGS } }],
  }
}
