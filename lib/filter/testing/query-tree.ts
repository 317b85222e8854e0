import fc from 'fast-check'
import {
  ATTACHMENTS,
  type Attachment,
  IMAGE_TYPES,
  type ImageType,
  type Query,
  type Range,
  type TermBody,
  type TextMatch,
} from '../query.ts'

const at = { start: 0, end: 0 }
const DAY = 86_400_000

const word = fc.constantFrom('a', 'api', 'team-a', '1.4.2', 'latest', 'quay', 'or', '-x', 'x=y', 'a:b', 'team-a/api')
const anyText = fc.oneof({ weight: 4, arbitrary: word }, fc.string({ maxLength: 8 }))
const values = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { minLength: 1, maxLength: 3 })

const glob = fc
  .constantFrom('1.*', '*-api', 'team-?/**', '**/api', 'q*')
  .map((text): TextMatch => ({ is: 'glob', text }))
const pattern = fc.constantFrom('^v\\d+$', '(a|b)', 'team-a/', 'q').map((text): TextMatch => ({ is: 'pattern', text }))
const wholeText = fc.oneof(
  { weight: 3, arbitrary: anyText.filter((text) => text !== '').map((text): TextMatch => ({ is: 'exact', text })) },
  glob,
  pattern,
)
const nameText = fc.oneof(
  { weight: 3, arbitrary: anyText.map((text): TextMatch => ({ is: 'contains', text })) },
  fc.constantFrom('**/*-api', 'team-?/**', '**/q*').map((text): TextMatch => ({ is: 'glob', text })),
  pattern,
)

const range = (number: fc.Arbitrary<number>) =>
  fc.tuple(number, number, fc.constantFrom('from', 'before', 'both')).map(([one, other, which]): Range => {
    const [from, before] = [Math.min(one, other), Math.max(one, other) + 1]
    return which === 'from' ? { from } : which === 'before' ? { before } : { from, before }
  })
const count = fc.nat({ max: 1_000 })
const bytes = fc.oneof(
  fc.nat({ max: 2 ** 31 }),
  fc.nat({ max: 100 }).map((mib) => mib * 2 ** 20),
)
const instant = fc.oneof(
  fc.nat({ max: 20_000 }).map((days) => days * DAY),
  fc.nat({ max: 2 ** 40 }),
)
const duration = fc.oneof(
  fc.nat({ max: 1_000 }).map((days) => days * DAY),
  fc.nat({ max: 2 ** 40 }),
)

export const queryTerm: fc.Arbitrary<TermBody> = fc.oneof(
  nameText.map((match): TermBody => ({ field: 'name', match })),
  fc
    .tuple(fc.constantFrom('registry' as const, 'repo' as const, 'tag' as const), values(wholeText))
    .map(([field, anyOf]): TermBody => ({ field, anyOf })),
  anyText.filter((key) => key !== '').map((key): TermBody => ({ field: 'label', key, test: 'present' })),
  fc
    .tuple(anyText, fc.constantFrom('is' as const, 'differs' as const), values(wholeText))
    .map(([key, test, anyOf]): TermBody => ({ field: 'label', key: key || 'team', test, anyOf })),
  values(
    fc.constantFrom('linux/amd64', 'linux', 'linux/arm64/v8').map((text): TextMatch => ({ is: 'exact', text })),
  ).map((anyOf): TermBody => ({ field: 'platform', anyOf })),
  values(fc.constantFrom<ImageType>(...IMAGE_TYPES)).map((anyOf): TermBody => ({ field: 'type', anyOf })),
  values(fc.constantFrom<Attachment>(...ATTACHMENTS)).map((anyOf): TermBody => ({ field: 'has', anyOf })),
  values(fc.constantFrom('57c0d71d', 'abcdef', '0123456789')).map((anyOf): TermBody => ({ field: 'digest', anyOf })),
  fc
    .tuple(fc.constantFrom('created' as const, 'moved' as const), range(instant))
    .map(([field, within]): TermBody => ({ field, unit: 'at', range: within })),
  fc
    .tuple(fc.constantFrom('created' as const, 'moved' as const), range(duration))
    .map(([field, within]): TermBody => ({ field, unit: 'ago', range: within })),
  range(bytes).map((within): TermBody => ({ field: 'size', range: within })),
  range(count).map((within): TermBody => ({ field: 'layers', range: within })),
)

/** Queries as `parseQuery` can give them: no group inside one of its kind, no negation of a negation. */
export const queryTree: fc.Arbitrary<Query> = treeOf(queryTerm)

export function treeOf(body: fc.Arbitrary<TermBody>): fc.Arbitrary<Query> {
  const term = body.map((fields): Query => ({ op: 'term', ...fields, at }))
  const tree = (depth: number): fc.Arbitrary<Query> => {
    if (depth === 0) return term
    const inner = tree(depth - 1)
    const group = (op: 'and' | 'or') =>
      fc
        .array(
          inner.filter((part) => part.op !== op),
          { minLength: 2, maxLength: 4 },
        )
        .map((terms): Query => ({ op, terms, at }))
    const negation = inner.filter((part) => part.op !== 'not').map((part): Query => ({ op: 'not', term: part, at }))
    return fc.oneof({ weight: 2, arbitrary: term }, group('and'), group('or'), negation)
  }
  return tree(3)
}
