import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { judgeRepositories, judgeTags } from './matching-names.ts'
import { typedQuery } from './search-tags.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, sampleTags, searchedImages } from './testing/sample-catalog.ts'

/** Tags of which only the name is known. */
const UNREAD = ['1.unread', 'unread']

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
  const repositoryRow = ({ registry, repository }: typeof place) =>
    store.read
      .selectFrom('repository')
      .innerJoin('registry', 'registry.id', 'repository.registry_id')
      .select('repository.id')
      .where('repository.name', '=', repository)
      .where('registry.name', '=', registry)
      .executeTakeFirstOrThrow()
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
    const { id } = await repositoryRow(place)
    const unread = UNREAD.map((name) => ({ repository_id: id, name: parseTag(name), first_seen: NOW }))
    await store.write.insertInto('tag').values(unread).execute()
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
    expect([...(await judgeTags(database, place, { query, now: NOW })).found].sort()).toEqual(expected.sort())
  })

  it.each([
    'label:team=quay',
    '-label:team',
    'tag:1.* has:sbom',
    '-digest:00000001',
    'created:<2025-01-01 or layers:>3',
  ])('tells the tags of a repository that %s finds from those that it can’t judge', async (text) => {
    const { query } = typedQuery(text)
    const matches = compileQuery(query, NOW)
    const images = new Map(own.map((each) => [each.tag, searchedImages(each).map((image) => matches(image))]))
    for (const tag of UNREAD) images.set(tag, [matches({ registry: 'hub', repository: 'team-a/api', tag, has: {} })])
    const named = (isMeant: (verdicts: readonly (boolean | undefined)[]) => boolean) =>
      new Set([...images].filter(([, verdicts]) => isMeant(verdicts)).map(([tag]) => tag))
    expect(await judgeTags(database, place, { query, now: NOW })).toEqual({
      found: named((verdicts) => verdicts.includes(true)),
      unknown: named((verdicts) => !verdicts.includes(true) && verdicts.includes(undefined)),
    })
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
