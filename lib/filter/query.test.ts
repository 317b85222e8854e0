import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { cpuTime } from '../testing/cpu-time.ts'
import { checkPatterns } from './check-patterns.ts'
import { compileQuery, type ImageFacts } from './evaluate-query.ts'
import { parseQuery } from './parse-query.ts'
import { printQuery } from './print-query.ts'
import { MAX_QUERY_LENGTH, type Query } from './query.ts'
import { completionPlace } from './query-completion.ts'
import { queryTree } from './testing/query-tree.ts'

const NOW = Date.UTC(2026, 10, 29)
const DAY = 86_400_000

const image: ImageFacts = {
  registry: 'hub',
  repository: 'team-a/api',
  tag: '1.4.2',
  type: 'index',
  platform: 'linux/arm64/v8',
  labels: new Map([
    ['team', ['quay']],
    ['org.opencontainers.image.version', ['1.4.2']],
    ['a "key" (odd)=', ['x,y']],
  ]),
  has: { signature: false },
  digests: ['57c0d71d00', 'abcdef1234'],
  created: NOW - 100 * DAY,
  moved: NOW - 3 * DAY,
  size: 2 ** 30,
  layers: 12,
}

const ask = (text: string) => {
  const parsed = checkPatterns(parseQuery(text))
  expect(parsed.mistakes, text).toEqual([])
  return compileQuery(parsed.query, NOW)(image)
}

describe('a query', () => {
  test.each([
    '',
    'api',
    'API',
    '"team-a/api"',
    '*pi',
    'team-*/a?i',
    '/^v?\\d+/',
    'team api',
    'api or nothing',
    'registry:hub repo:team-a/** tag:1.*',
    'tag:latest,1.4.2',
    'repo:TEAM-A/API',
    'label:team',
    'label:team=quay',
    'label:team=quay,harbour',
    'team=quay',
    'team!=harbour',
    'label:team=/^q/',
    'label:org.opencontainers.image.version=1.*',
    'label:"a \\"key\\" (odd)="',
    '"a \\"key\\" (odd)="="x,y"',
    '-label:licenses',
    '-(label:licenses or team=harbour)',
    '--team=quay',
    '-team=harbour',
    'platform:linux',
    'platform:linux/arm64',
    'platform:linux/arm64/v8',
    'platform:windows/amd64,*/arm64',
    'type:image,index',
    '-has:signature',
    'digest:57c0d71d',
    'digest:sha256:ABCDEF',
    'sha256:57c0d7',
    'age:>90d',
    'age:90d..1y',
    'moved:<7d',
    'moved:>=2026-11',
    'created:2026-08..2026-09',
    'created:2026-08-21',
    'size:>=1GiB',
    'size:1GiB',
    'layers:>10',
    'layers:..12',
    'has:signature or team=quay',
  ])('%s finds the image', (text) => expect(ask(text)).toBe(true))

  test.each([
    'nothing',
    '"team api"',
    'repo:team',
    'tag:1',
    'label:Team',
    'team=Quay',
    'team!=quay',
    'licenses!=MIT',
    '-label:team',
    'platform:linux/arm',
    'type:image',
    'has:signature',
    'digest:7c0d71d',
    'age:<90d',
    'created:>2026-11',
    'moved:>7d',
    'size:>1GiB',
    'layers:<12',
    'team=harbour or label:licenses',
    '-(team=quay or nothing)',
  ])('%s doesn’t find it', (text) => expect(ask(text)).toBe(false))

  test.each(['has:sbom', '-has:sbom', 'has:sbom or has:signature', 'has:sbom team=quay'])(
    '%s is undecided where nobody has looked for an SBOM',
    (text) => expect(ask(text)).toBe(undefined),
  )

  it('binds or more weakly than adjacent terms', () => {
    expect(printQuery(parseQuery('a b or c (d or e)').query)).toBe('a b or c (d or e)')
    expect(printQuery(parseQuery('(a b) ((c))').query)).toBe('a b c')
  })

  it('reads a typed regular expression up to the slash that ends its term', () => {
    const names = (text: string) => parseQuery(text).query
    expect(names('/^team-(a|b)//')).toMatchObject({ match: { is: 'pattern', text: '^team-(a|b)/' } })
    expect(names('/a b/ c')).toMatchObject({ terms: [{ match: { text: 'a b' } }, { match: { text: 'c' } }] })
    for (const text of ['/', '//', '/app']) expect(names(text)).toMatchObject({ match: { is: 'contains', text } })
  })
})

describe('a mistake', () => {
  test.each([
    ['lable:team', 'qualifier', 0, 6, ['label']],
    ['api type:imgae x', 'value', 9, 14, ['image']],
    ['size:>1GB created:yesterday', 'value', 18, 27, []],
    ['created:2026-02-30', 'value', 8, 18, []],
    ['digest:57c0', 'value', 7, 11, []],
    ['label:', 'value', 0, 6, []],
    ['team=', 'value', 4, 5, []],
    ['repo:', 'value', 0, 5, []],
    ['a or', 'term', 2, 4, []],
    ['api -', 'term', 4, 5, []],
    ['(a b', 'parenthesis', 0, 1, []],
    ['a) b', 'parenthesis', 1, 2, []],
    ['team="qu', 'quote', 5, 6, []],
    ['x /(/', 'pattern', 2, 5, []],
    [`/${'a'.repeat(101)}/`, 'pattern', 0, 103, []],
  ])('in %s is %s, from %i to %i', (text, code, start, end, near) => {
    const { mistakes } = checkPatterns(parseQuery(text))
    expect(mistakes).toHaveLength(1)
    expect(mistakes[0]).toMatchObject({ code, at: { start, end }, near })
    expect(mistakes[0]?.expected).not.toBe('')
  })

  it('leaves the rest of the query working', () => {
    for (const text of ['tag:1.4.2 lable:x', 'tag:1.4.2 label:', 'tag:1.4.2 (', 'tag:1.4.2 or', '/(/ tag:1.4.2'])
      expect(printQuery(checkPatterns(parseQuery(text)).query), text).toBe('tag:1.4.2')
  })

  it('is more than 1,000 characters or 50 terms', () => {
    const long = parseQuery('a'.repeat(MAX_QUERY_LENGTH + 1))
    expect(long.mistakes[0]).toMatchObject({ code: 'too-long', expected: 'at most 1,000 characters' })
    const many = parseQuery(Array.from({ length: 60 }, (_, index) => `t${index}`).join(' '))
    expect(many.mistakes).toMatchObject([{ code: 'too-many-terms', found: 't50' }])
    expect(many.query).toMatchObject({ op: 'and', terms: { length: 50 } })
  })
})

describe('any query', () => {
  it('prints as text that parses to the same query', () => {
    fc.assert(
      fc.property(queryTree, (query) => {
        const text = printQuery(query)
        fc.pre(text.length <= MAX_QUERY_LENGTH)
        const parsed = parseQuery(text)
        expect(parsed.mistakes, text).toEqual([])
        expect(withoutPlaces(parsed.query), text).toEqual(withoutPlaces(query))
      }),
      { numRuns: 3_000 },
    )
  })

  it('can be typed in any way without an exception, and prints as it was understood', () => {
    const pieces = fc.constantFrom(
      'label:',
      'team',
      '=',
      '!=',
      '"',
      '\\',
      '-',
      '(',
      ')',
      ' ',
      ' or ',
      ',',
      '/',
      '*',
      'size:',
      '>',
      '1GiB',
      '..',
      'created:',
      '2026-01',
      'age:',
      '90d',
      'tag:',
      'type:',
      'image',
      'a',
      '\u0000',
      '\ud800',
      '__proto__',
      'has:',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, fc.nat(), (typed, cursor) => {
        completionPlace(typed, Math.min(cursor, typed.length))
        const { query, mistakes } = checkPatterns(parseQuery(typed))
        for (const { at } of mistakes) expect(typed.length >= at.end && at.end >= at.start, typed).toBe(true)
        compileQuery(query, NOW)(image)
        expect(withoutPlaces(parseQuery(printQuery(query)).query), typed).toEqual(withoutPlaces(query))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is equivalent to its other terms once a broken pattern is left out', () => {
    for (const [typed, left] of [
      ['/*/ 1GiB', '1GiB'],
      ['a (/*/ or b c)', 'a b c'],
    ] as const)
      expect(withoutPlaces(checkPatterns(parseQuery(typed)).query), typed).toEqual(
        withoutPlaces(parseQuery(left).query),
      )
  })

  it('takes little time, whatever it says', () => {
    const { took } = cpuTime(() => {
      for (const text of ['('.repeat(1_000), '-'.repeat(1_000), '"'.repeat(1_000), '/'.repeat(1_000), 'a,'.repeat(500)])
        parseQuery(text)
    })
    expect(took).toBeLessThan(500)
  })
})

describe('completion', () => {
  test.each([
    ['', { kind: 'term' }, '', 0],
    ['api la', { kind: 'term' }, 'la', 4],
    ['-(la', { kind: 'term' }, 'la', 2],
    ['api -label:org.', { kind: 'key' }, 'org.', 11],
    ['label:team=', { kind: 'value', of: 'label', key: 'team' }, '', 11],
    ['label:team=quay,har', { kind: 'value', of: 'label', key: 'team' }, 'har', 16],
    ['team!=q', { kind: 'value', of: 'label', key: 'team' }, 'q', 6],
    ['label:"odd key"="a b', { kind: 'value', of: 'label', key: 'odd key' }, 'a b', 16],
    ['repo:team-a/', { kind: 'value', of: 'repo' }, 'team-a/', 5],
    ['type:image,in', { kind: 'value', of: 'type' }, 'in', 11],
    ['size:>', { kind: 'form', expected: 'a size, for example >1GiB or 10MB..100MB' }, '>', 5],
  ])('at the end of %j is about %j', (text, wants, typed, start) =>
    expect(completionPlace(text, text.length)).toEqual({ wants, typed, replaces: { start, end: text.length } }),
  )
})

function withoutPlaces(query: Query): unknown {
  if (query.op === 'not') return { op: 'not', term: withoutPlaces(query.term) }
  if (query.op === 'term') return { ...query, at: undefined }
  return { op: query.op, terms: query.terms.map(withoutPlaces) }
}
