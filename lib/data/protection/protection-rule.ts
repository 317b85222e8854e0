import { checkPatterns } from '../../filter/check-patterns.ts'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { termsOf } from '../../filter/query.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'

export interface ProtectionRule {
  readonly id: string
  readonly name: string
  /** In the query language. */
  readonly query: string
  readonly createdBy: string
  /** RFC 3339. */
  readonly createdAt: string
}

/** Known for every tag before any change. An image's content would have to be read first, and might not be readable. */
const KNOWN = ['registry', 'repo', 'tag', 'name']

/** What is wrong with a rule's query, in words. */
export function protectionMistakes(query: string): string[] {
  const parsed = checkPatterns(parseQuery(query))
  const terms = termsOf(parsed.query)
  if (parsed.mistakes.length === 0 && terms.length === 0)
    return ['A rule needs at least one term, for example tag:latest']
  const isKnown = terms.every(({ field }) => KNOWN.includes(field))
  const foreign = isKnown ? [] : ['A rule can only use registry:, repo: and tag:, which are known before any change']
  return [...parsed.mistakes.map(queryMistakeText), ...foreign]
}

/** @returns for a repository: the first rule that protects a tag of it, by name */
export function compileProtection(
  rules: readonly ProtectionRule[],
): (place: Place) => (tag: Tag) => ProtectionRule | undefined {
  const compiled = rules.map((rule) => ({ rule, test: compileQuery(checkPatterns(parseQuery(rule.query)).query, 0) }))
  // An undecidable rule protects: for example one saved by a newer version.
  return ({ registry, repository }) =>
    (tag) =>
      compiled.find(({ test }) => test({ registry, repository, tag, has: {} }) !== false)?.rule
}

/** Whether a rule binds in a repository: for every tag, for some of them, or for none. */
export type Binding = 'every tag' | 'some tags' | 'no'

/** @param place with a tag, to ask about that one alone */
export function bindingOf(
  rule: ProtectionRule,
  { registry, repository, tag }: Place & { readonly tag?: string },
): Binding {
  const { query } = checkPatterns(parseQuery(rule.query))
  const verdict = compileQuery(
    query,
    0,
  )({
    registry,
    repository,
    ...(tag !== undefined && { tag }),
    has: {},
  })
  if (tag !== undefined) return verdict === false ? 'no' : 'every tag'
  // A bare word matches the tag's name too, which isn't known here.
  const mayNameTag = termsOf(query).some(({ field }) => field === 'name')
  if (verdict === undefined || (mayNameTag && verdict === false)) return 'some tags'
  return verdict ? 'every tag' : 'no'
}
