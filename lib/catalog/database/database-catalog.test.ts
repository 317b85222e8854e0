import { expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { describeCatalog } from '../contract/catalog-contract.ts'
import { listOf, one, query, two } from '../contract/samples.ts'
import { catalogDatabase } from './catalog-database.ts'
import { DatabaseCatalog } from './database-catalog.ts'
import { newestTags } from './newest-tags.ts'
import { recordGoneTags } from './record-tags.ts'
import { typedQuery } from './search-tags.ts'

describeEachDatabase('the catalog', (databases) => {
  describeCatalog(`the catalog in ${databases.kind}`, async (clock) => {
    const store = await openStore(await databases.create())
    return { catalog: new DatabaseCatalog(store, { clock }), close: () => store.close() }
  })

  it('shows a tag again that disappeared and returned between two lists', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
    const store = await openStore(await databases.create())
    const catalog = new DatabaseCatalog(store)
    await catalog.recordTags(place, listOf('1', '2'))
    await recordGoneTags(store, place, ['2'], { at: Date.now(), how: 'notification' })
    expect((await catalog.tagPage(place, query()))?.value.tags).toEqual(['1'])
    await catalog.recordTags(place, listOf('1', '2'))
    expect((await catalog.tagPage(place, query()))?.value.tags).toEqual(['2', '1'])
    await store.close()
  })

  it('writes nothing about places and tags that people ask for and no registry confirms', async () => {
    const store = await openStore(await databases.create())
    const catalog = new DatabaseCatalog(store)
    const placeOf = (name: string) => ({ registry: 'hub', repository: parseRepositoryName(name) })
    const failed = { ok: false, error: new RegistryError('not-found', 'no manifest') } as const
    await catalog.recordTags(placeOf('made/up'), listOf())
    await catalog.recordTag(placeOf('made/up'), one, failed)
    await catalog.recordTags(placeOf('team/app'), listOf('1'))
    await catalog.recordTag(placeOf('team/app'), one, failed)
    await catalog.recordTag(placeOf('team/app'), two, failed)
    const names = async (table: 'repository' | 'tag' | 'tag_name') =>
      (await store.read.selectFrom(table).select('name').execute()).map(({ name }) => name)
    expect(await names('repository')).toEqual(['team/app'])
    expect(await names('tag')).toEqual(['1'])
    expect(await names('tag_name')).toEqual(['1'])
    expect([...(await catalog.tagRecords(placeOf('team/app'), [one, two])).keys()]).toEqual([one])
    await store.close()
  })

  it('has nothing to read of a repository without tags, but of one whose tags are only listed', async () => {
    const store = await openStore(await databases.create())
    const catalog = new DatabaseCatalog(store)
    const placeOf = (name: string) => ({ registry: 'hub', repository: parseRepositoryName(name) })
    await catalog.recordRepository(placeOf('team'))
    await catalog.recordTags(placeOf('team'), listOf())
    await catalog.recordTags(placeOf('team/app'), listOf('1'))
    const search = { query: typedQuery('').query, visibility: new Map([['hub', ['**']]]), now: Date.now() }
    const { unread } = await newestTags(catalogDatabase(store), search, [])
    expect(unread.map(({ name }) => name)).toEqual(['team/app'])
    await store.close()
  })
})
