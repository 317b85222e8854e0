import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { judgeRepositories, matchingTags } from './matching-names.ts'
import { typedQuery } from './search-tags.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, sampleTags } from './testing/sample-catalog.ts'

describeEachDatabase('names that a query finds', (databases) => {
  let store: Store
  let database: CatalogDatabase
  const place = { registry: 'hub', repository: parseRepositoryName('team-a/api') }
  const own = sampleTags.filter(({ registry, repository }) => registry === 'hub' && repository === 'team-a/api')
  const judge = (texts: readonly string[], globs: readonly string[]) =>
    judgeRepositories(
      database,
      { visibility: new Map([['hub', globs]]), registry: 'hub' },
      { queries: texts.map((text) => typedQuery(text).query), now: NOW },
    )
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
    await store.write.updateTable('tag').set({ listed: 1 }).execute()
  })
  afterAll(() => store?.close())

  it.each([
    'age:>90d',
    'size:>100B',
    'type:index',
    'layers:<6',
    'version=1.*',
    '-created:2026',
    'age:>90d or type:helm',
  ])('finds the tags of one repository by %s', async (text) => {
    const { query } = typedQuery(text)
    const matches = compileQuery(query, NOW)
    const expected = own.filter(({ images }) => images.some((image) => matches(image))).map(({ tag }) => tag)
    expect((await matchingTags(database, place, { query, now: NOW })).sort()).toEqual(expected.sort())
  })

  it('matches words in a list of tags against tags, not their repository', async () => {
    const find = (text: string) => matchingTags(database, place, { query: typedQuery(text).query, now: NOW })
    expect(await find('api type:index,image,helm')).toEqual([])
    expect((await find('-latest')).sort()).toEqual(['1.0', '1.1', '1.1-rc1', '2.0', 'v1_x'])
    expect(await find('"2.0"')).toEqual(['2.0'])
  })

  it('finds visible repositories by their newest tag', async () => {
    const find = async (text: string, globs: readonly string[]) => [...((await judge([text], globs))[0]?.found ?? [])]
    expect((await find('', ['**'])).sort()).toEqual(['api', 'team-a/api', 'team-a/web', 'team-b/web'])
    expect(await find('web -team-b', ['**'])).toEqual(['team-a/web'])
    expect((await find('', ['team-a/**'])).sort()).toEqual(['team-a/api', 'team-a/web'])
    const newest = own.toSorted((a, b) => (b.images[0]?.created ?? -1) - (a.images[0]?.created ?? -1))[0]
    for (const text of ['age:>90d', 'age:<90d', 'type:index', 'team=quay']) {
      const matches = compileQuery(typedQuery(text).query, NOW)
      const isFound = newest?.images.some((image) => matches(image)) ?? false
      expect(await find(`repo:team-a/api ${text}`, ['**'])).toEqual(isFound ? ['team-a/api'] : [])
    }
    expect(await find('repo:team-b/web', ['team-a/**'])).toEqual([])
  })

  it('tells repositories that several queries find from those that haven’t been read enough', async () => {
    const texts = ['age:>90d', '-has:signature', 'type:index or size:>100B', '-label:team']
    const judged = await judge(texts, ['**'])
    for (const [at, text] of texts.entries()) expect(judged[at]?.found).toEqual((await judge([text], ['**']))[0]?.found)
    const hidden = await judge(texts, ['team-a/**'])
    expect(hidden.flatMap(({ found, unknown }) => [...found, ...unknown])).not.toContain('team-b/web')
    await store.write
      .updateTable('tag')
      .set({ manifest_id: null })
      .where('repository_id', '=', (await database.repositories.known(place))?.id ?? 0)
      .execute()
    for (const { found, unknown } of await judge(texts, ['**'])) {
      expect(found).not.toContain('team-a/api')
      expect(unknown).toContain('team-a/api')
    }
  })
})
