import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { printQuery } from '../../filter/print-query.ts'
import type { Query, TermBody, TextMatch } from '../../filter/query.ts'
import { treeOf } from '../../filter/testing/query-tree.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { findTags } from './find-tags.ts'
import { labelKeys, labelValues } from './label-keys.ts'
import { matrixRows } from './label-matrix.ts'
import { recordGoneTags } from './record-tags.ts'
import { resolveQuery } from './resolve-query.ts'
import { searchTags, typedQuery } from './search-tags.ts'
import type { FoundTag, TagSearchSort } from './tag-search.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, type SampleTag, sampleTags, searchedImages } from './testing/sample-catalog.ts'
import type { Visibility } from './visibility.ts'

const EVERYTHING: Visibility = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])

describeEachDatabase('searching', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
  })
  afterAll(() => store?.close())

  const search = (
    query: string | Query,
    options: { visibility?: Visibility; sort?: TagSearchSort; limit?: number; after?: string } = {},
  ) =>
    searchTags(database, {
      query: typeof query === 'string' ? typedQuery(query).query : query,
      visibility: EVERYTHING,
      sort: 'repository',
      limit: 1_000,
      now: NOW,
      ...options,
    })
  const names = (tags: readonly FoundTag[]) =>
    tags.map(({ registry, repository, tag }) => `${registry}/${repository}:${tag}`)

  it('finds exactly the tags that match the query in memory, and the same images of each', async () => {
    await fc.assert(
      fc.asyncProperty(treeOf(sampleTerm), async (query) => {
        const matches = compileQuery(query, NOW)
        const expected = sampleTags
          .filter((tag) => searchedImages(tag).some((facts) => matches(facts)))
          .map((tag) => [nameOf(tag), searchedImages(tag).map((facts) => matches(facts) === true)])
        const { tags } = await search(query)
        const found = tags.map((tag) => [names([tag])[0], tag.images.map((image) => image.matches)])
        expect(found.toSorted(), printQuery(query)).toEqual(expected.toSorted())
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it.each([
    `' or '1'='1`,
    `'); drop table tag; --`,
    `" union select password from account --`,
    `\\'; select pg_sleep(60); --`,
    '$1',
    '?1',
    '%',
    '_',
    'a%00b',
  ])('takes %j for text, wherever a query has some', async (hostile) => {
    const all = names((await search('')).tags)
    const anyOf: readonly TextMatch[] = [
      ...(['exact', 'contains', 'glob'] as const).map((is): TextMatch => ({ is, text: hostile })),
      { is: 'pattern', text: hostile.replace(/\W/g, '\\$&') },
    ]
    const bodies: readonly TermBody[] = [
      ...anyOf.map((match): TermBody => ({ field: 'name', match })),
      ...(['registry', 'repo', 'tag', 'platform'] as const).map((field): TermBody => ({ field, anyOf })),
      { field: 'label', key: hostile, test: 'present' },
      { field: 'label', key: hostile, test: 'is', anyOf },
      ...(['is', 'differs'] as const).map((test): TermBody => ({ field: 'label', key: 'team', test, anyOf })),
    ]
    for (const body of bodies) {
      const query: Query = { op: 'term', at: { start: 0, end: 0 }, ...body }
      const matches = compileQuery(query, NOW)
      const expected = sampleTags.filter((tag) => searchedImages(tag).some((facts) => matches(facts) === true))
      const found = names((await search(query)).tags)
      expect(found.toSorted(), printQuery(query)).toEqual(expected.map(nameOf).toSorted())
    }
    const values = { visibility: EVERYTHING, limit: 10 }
    expect(await labelValues(database, { ...values, key: hostile })).toEqual([])
    expect(await labelValues(database, { ...values, key: 'team', containing: hostile })).toEqual([])
    expect(names((await search('')).tags)).toEqual(all)
  })

  it('finds the same, in the same order, by walking tags or by searching images first', async () => {
    const visible = await database.repositories.visible(EVERYTHING)
    await fc.assert(
      fc.asyncProperty(
        treeOf(sampleTerm),
        fc.constantFrom('repository' as const, 'created' as const, 'moved' as const, 'size' as const),
        async (query, sort) => {
          const { query: resolved } = await resolveQuery(database, query, visible.list)
          const find = (plan: 'walk' | 'images', after?: string) =>
            findTags(store, {
              sort,
              limit: 5,
              now: NOW,
              resolved,
              visible,
              plan,
              ...(after !== undefined && { after }),
            })
          const first = await find('walk')
          expect(await find('images'), printQuery(query)).toEqual(first)
          if (first.next !== undefined) expect(await find('images', first.next)).toEqual(await find('walk', first.next))
        },
      ),
      { numRuns: 100 },
    )
  }, 120_000)

  it('pages through every tag once, whatever the order', async () => {
    for (const sort of ['repository', 'created', 'moved', 'size'] as const)
      for (const query of ['', 'label:team', 'team=quay', '-label:team', 'label:nothing or 1']) {
        const whole = names((await search(query, { sort })).tags)
        const paged: string[] = []
        let after: string | undefined
        do {
          const page = await search(query, { sort, limit: 3, ...(after !== undefined && { after }) })
          expect(page.tags.length).toBeLessThanOrEqual(3)
          paged.push(...names(page.tags))
          after = page.next
        } while (after !== undefined)
        expect(paged, `${query} by ${sort}`).toEqual(whole)
        expect(new Set(paged).size).toBe(paged.length)
      }
  }, 60_000)

  it('sorts by repository and version, the highest first, by time and by size, with unknown values last', async () => {
    const { tags } = await search('', { sort: 'repository' })
    const places = tags.map(({ registry, repository }) => `${registry}/${repository}`)
    expect(places).toEqual(places.toSorted())
    expect(tags.flatMap((tag) => (tag.registry === 'hub' && tag.repository === 'team-a/api' ? tag.tag : []))).toEqual([
      '2.0',
      '1.1',
      '1.1-rc1',
      'v1_x',
      '1.0',
      'latest',
      'LATEST-2',
    ])
    const created = (await search('', { sort: 'created' })).tags.map((tag) => tag.created ?? -1)
    expect(created).toEqual(created.toSorted((a, b) => b - a))
    expect(created.at(-1)).toBe(-1)
    const sizes = (await search('', { sort: 'size' })).tags.map((tag) => tag.size ?? -1)
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  })

  it('hides invisible repositories from results, keys and values', async () => {
    const visibility: Visibility = new Map([['hub', ['team-a/**']]])
    const { tags } = await search('', { visibility })
    expect(tags.length).toBeGreaterThan(0)
    expect(tags.every(({ registry, repository }) => registry === 'hub' && repository.startsWith('team-a/'))).toBe(true)
    const images = sampleTags.filter(
      ({ registry, repository }) => registry === 'hub' && repository.startsWith('team-a/'),
    )
    const expected = countLabels(images)
    const { keys } = await labelKeys(database, visibility)
    // Nobody's image has the key, but people gave it to two of these.
    expect(keys.find(({ key }) => key === 'reviewed')).toMatchObject({ images: 3, values: 2, added: 3 })
    const own = keys.filter(({ key }) => key !== 'reviewed')
    expect(Object.fromEntries(own.map(({ key, images: count }) => [key, count]))).toEqual(
      Object.fromEntries(
        Array.from(expected, ([key, byValue]) => [
          key,
          new Set([...byValue.values()].flatMap((found) => [...found])).size,
        ]),
      ),
    )
    const values = await labelValues(database, { visibility, key: 'team', limit: 100 })
    expect(new Map(values.map(({ value, images: count }) => [value, count]))).toEqual(
      new Map(Array.from(expected.get('team') ?? [], ([value, found]) => [value, found.size])),
    )
    expect(await labelKeys(database, new Map())).toEqual({ keys: [], total: 0 })
    expect((await search('', { visibility: new Map() })).tags).toEqual([])
  })

  it('counts keys and values of everything and of any part', async () => {
    const expected = countLabels(sampleTags)
    const { keys } = await labelKeys(database, EVERYTHING)
    const own = keys.filter(({ key }) => key !== 'reviewed')
    expect(new Map(own.map(({ key, values }) => [key, values]))).toEqual(
      new Map(Array.from(expected, ([key, byValue]) => [key, byValue.size])),
    )
    expect(await labelValues(database, { visibility: EVERYTHING, key: 'team', containing: 'HARB', limit: 5 })).toEqual([
      { value: 'harbour', images: expected.get('team')?.get('harbour')?.size },
    ])
  })

  it('shows the labels that the query names, and which keys don’t exist', async () => {
    const page = await search('repo:team-a/api label:team tem=x or label:"__proto__"')
    expect(page.unknownKeys).toEqual([
      { key: 'tem', near: ['team'] },
      { key: '__proto__', near: [] },
    ])
    const [first] = (await search('team=quay')).tags
    expect(first?.labels).toContainEqual({ key: 'team', value: 'quay' })
  })

  it('stores labels of any text: __proto__, NUL, ESC, U+202E and 64 KiB', async () => {
    const odd = ['__proto__', 'a\0b', '\u001b[31m', '\u202Etxt', '\u{10ffff}0', 'x'.repeat(65_536), '', 'a"b\\c,d e']
    await fillSample(store, [
      {
        registry: 'hub',
        repository: parseRepositoryName('odd/labels'),
        tag: 'odd',
        digest: `sha256:${'0d'.repeat(32)}`,
        type: 'image',
        images: [
          {
            registry: 'hub',
            repository: 'odd/labels',
            tag: 'odd',
            type: 'image',
            labels: new Map(odd.map((text, index) => [index < 5 ? text : `odd${index}`, [text]])),
            has: {},
            digests: [],
          },
        ],
      },
    ])
    for (const [index, text] of odd.entries()) {
      const key = index < 5 ? text : `odd${index}`
      const at = { start: 0, end: 0 }
      const query: Query = { op: 'term', field: 'label', key, test: 'is', anyOf: [{ is: 'exact', text }], at }
      const { tags } = await search(query)
      expect(names(tags)).toEqual(['hub/odd/labels:odd'])
      const [row] = await matrixRows(database, tags, [key])
      expect(row?.cells).toEqual([{ state: 'value', value: text }])
    }
    await recordGoneTags(store, { registry: 'hub', repository: parseRepositoryName('odd/labels') }, ['odd'], {
      at: NOW,
      how: 'sync',
    })
    expect((await search('repo:odd/labels')).tags).toEqual([])
  })
})

const TEAMS = ['quay', 'harbour', 'Quay', 'mole']
const text = (value: string): TextMatch => ({ is: 'exact', text: value })
const some = <Value>(...values: readonly Value[]) => fc.subarray([...values], { minLength: 1 })
const DAY = 86_400_000

/** Terms about what the sample has. */
const sampleTerm: fc.Arbitrary<TermBody> = fc.oneof(
  fc
    .constantFrom('api', 'team-a', '1.', 'LATEST', '')
    .map((value): TermBody => ({ field: 'name', match: { is: 'contains', text: value } })),
  fc
    .constantFrom('^v?1', 'a(pi|b)', '-rc')
    .map((value): TermBody => ({ field: 'name', match: { is: 'pattern', text: value } })),
  fc
    .constantFrom('**/1.*', 'team-?/**', '**/??test')
    .map((value): TermBody => ({ field: 'name', match: { is: 'glob', text: value } })),
  some('hub', 'edge').map((values): TermBody => ({ field: 'registry', anyOf: values.map(text) })),
  some<TextMatch>({ is: 'glob', text: 'team-a/**' }, text('TEAM-B/web'), { is: 'pattern', text: 'api$' }).map(
    (anyOf): TermBody => ({ field: 'repo', anyOf }),
  ),
  some<TextMatch>(
    { is: 'glob', text: '1.*' },
    text('latest'),
    { is: 'pattern', text: '^2' },
    { is: 'glob', text: '**/*_*' },
  ).map((anyOf): TermBody => ({ field: 'tag', anyOf })),
  fc
    .constantFrom('team', 'version', 'licenses', 'reviewed', 'nothing')
    .map((key): TermBody => ({ field: 'label', key, test: 'present' })),
  fc
    .tuple(
      fc.constantFrom('is' as const, 'differs' as const),
      some<TextMatch>(...TEAMS.map(text), { is: 'glob', text: '*ay' }, { is: 'pattern', text: '^h' }),
    )
    .map(([test, anyOf]): TermBody => ({ field: 'label', key: 'team', test, anyOf })),
  some('linux', 'linux/arm64', 'windows/amd64').map(
    (values): TermBody => ({ field: 'platform', anyOf: values.map(text) }),
  ),
  some('image' as const, 'index' as const, 'helm' as const).map((anyOf): TermBody => ({ field: 'type', anyOf })),
  some('signature' as const, 'sbom' as const).map((anyOf): TermBody => ({ field: 'has', anyOf })),
  fc.constantFrom('000000', '000001', '00000a', 'ffffff').map((hex): TermBody => ({ field: 'digest', anyOf: [hex] })),
  fc
    .tuple(
      fc.constantFrom('created' as const, 'moved' as const),
      fc.constantFrom('at' as const, 'ago' as const),
      fc.nat(400),
      fc.nat(400),
    )
    .map(([field, unit, one, other]): TermBody => {
      const [from, before] = [Math.min(one, other) * DAY, (Math.max(one, other) + 1) * DAY]
      if (unit === 'ago') return { field, unit, range: { from, before } }
      return { field, unit, range: { from: NOW - before, before: NOW - from } }
    }),
  fc.nat(2_000).map((from): TermBody => ({ field: 'size', range: { from } })),
  fc.nat(10).map((before): TermBody => ({ field: 'layers', range: { before } })),
)

function nameOf({ registry, repository, tag }: SampleTag): string {
  return `${registry}/${repository}:${tag}`
}

/** Images by value by key. */
function countLabels(tags: readonly SampleTag[]): Map<string, Map<string, Set<string>>> {
  const counts = new Map<string, Map<string, Set<string>>>()
  for (const { digest, images } of tags)
    images.forEach((facts, index) => {
      for (const [key, values] of facts.labels ?? [])
        for (const value of values) {
          const byValue = counts.get(key) ?? new Map<string, Set<string>>()
          counts.set(key, byValue)
          byValue.set(value, (byValue.get(value) ?? new Set()).add(`${digest}#${index}`))
        }
    })
  return counts
}
