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

/** Known of every tag before any change. What an image holds would have to be read first, and might not be readable. */
const KNOWN = ['registry', 'repo', 'tag', 'name']

/** What is wrong with a rule's query, in words. */
export function protectionMistakes(query: string): string[] {
  const parsed = checkPatterns(parseQuery(query))
  const terms = termsOf(parsed.query)
  if (parsed.mistakes.length === 0 && terms.length === 0)
    return ['A rule needs at least one term, for example tag:latest']
  const isKnown = terms.every(({ field }) => KNOWN.includes(field))
  const foreign = isKnown ? [] : ['A rule can use registry:, repo: and tag: only, as they are known before any change']
  return [...parsed.mistakes.map(queryMistakeText), ...foreign]
}

/** @returns the first rule that protects a tag of the repository, by name */
export function compileProtection(
  rules: readonly ProtectionRule[],
  { registry, repository }: Place,
): (tag: Tag) => ProtectionRule | undefined {
  const compiled = rules.map((rule) => ({ rule, test: compileQuery(checkPatterns(parseQuery(rule.query)).query, 0) }))
  // What a rule doesn't decide, it protects: a rule that was saved by a newer version, for example.
  return (tag) => compiled.find(({ test }) => test({ registry, repository, tag, has: {}, digests: [] }) !== false)?.rule
}
