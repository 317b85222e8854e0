import { compileAnyText, compilePlatform, compileText } from './match-text.ts'
import type { Attachment, ImageType, Query, QueryTerm } from './query.ts'
import { isInRange } from './query-range.ts'

/** What a query is asked of: one platform image, as one tag shows it. Absent is unknown. */
export interface ImageFacts {
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  /** Of what the tag points at. */
  readonly type?: ImageType
  /** Normalized: `linux/arm64`. */
  readonly platform?: string
  /** Every value of a key, whatever its origin. Absent while the image has not been read. */
  readonly labels?: ReadonlyMap<string, readonly string[]>
  /** Whether something of the kind is attached; absent if not checked yet. */
  readonly has: Readonly<Partial<Record<Attachment, boolean>>>
  /** Of the manifests, the config and the layers, without the algorithm. */
  readonly digests?: readonly string[]
  /** Milliseconds since the epoch. */
  readonly created?: number
  readonly moved?: number
  /** Bytes. */
  readonly size?: number
  readonly layers?: number
}

/** True, false, or undefined where what is known does not decide: Kleene's logic, as SQL has it. */
export type Verdict = boolean | undefined

/**
 * Compiles a query, to be asked of many images in memory.
 * @param now milliseconds since the epoch, for time spans
 * @throws FormatError `pattern` unless `checkPatterns` has removed what doesn't compile
 */
export function compileQuery(query: Query, now: number): (facts: ImageFacts) => Verdict {
  switch (query.op) {
    case 'term':
      return compileTerm(query, now)
    case 'not': {
      const test = compileQuery(query.term, now)
      return (facts) => not(test(facts))
    }
    case 'and': {
      const tests = query.terms.map((term) => compileQuery(term, now))
      return (facts) => not(anyOf(tests, (test) => not(test(facts))))
    }
    case 'or': {
      const tests = query.terms.map((term) => compileQuery(term, now))
      return (facts) => anyOf(tests, (test) => test(facts))
    }
  }
}

function compileTerm(term: QueryTerm, now: number): (facts: ImageFacts) => Verdict {
  const ignoreCase = true
  switch (term.field) {
    case 'name': {
      const matches = compileText(term.match, { ignoreCase })
      return ({ repository, tag }) => matches(repository) || (tag !== undefined && matches(tag))
    }
    case 'registry': {
      const matches = compileAnyText(term.anyOf, { ignoreCase })
      return ({ registry }) => matches(registry)
    }
    case 'repo': {
      const matches = compileAnyText(term.anyOf, { ignoreCase })
      return ({ repository }) => matches(repository)
    }
    case 'tag': {
      const matches = compileAnyText(term.anyOf, { ignoreCase })
      return ({ tag }) => (tag === undefined ? undefined : matches(tag))
    }
    case 'label':
      return compileLabel(term)
    case 'platform': {
      const matches = compilePlatform(term.anyOf)
      return ({ platform }) => (platform === undefined ? undefined : matches(platform))
    }
    case 'type':
      return ({ type }) => (type === undefined ? undefined : term.anyOf.includes(type))
    case 'has':
      return ({ has }) => anyOf(term.anyOf, (kind) => has[kind])
    case 'digest':
      return ({ digests }) => digests?.some((digest) => term.anyOf.some((hex) => digest.startsWith(hex)))
    case 'created':
    case 'moved':
      return (facts) => {
        const at = facts[term.field]
        if (at === undefined) return undefined
        return isInRange(term.unit === 'ago' ? now - at : at, term.range)
      }
    case 'size':
    case 'layers':
      return (facts) => {
        const value = facts[term.field]
        return value === undefined ? undefined : isInRange(value, term.range)
      }
  }
}

function compileLabel(term: QueryTerm & { field: 'label' }): (facts: ImageFacts) => Verdict {
  const { key, test } = term
  if (test === 'present') return ({ labels }) => labels?.has(key)
  const matches = compileAnyText(term.anyOf, { ignoreCase: false })
  return ({ labels }) => {
    if (!labels) return undefined
    const values = labels.get(key) ?? []
    return test === 'is' ? values.some(matches) : values.length > 0 && !values.some(matches)
  }
}

function not(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict
}

function anyOf<Item>(items: readonly Item[], test: (item: Item) => Verdict): Verdict {
  let unknown = false
  for (const item of items) {
    const verdict = test(item)
    if (verdict) return true
    if (verdict === undefined) unknown = true
  }
  return unknown ? undefined : false
}
