import { expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { describeCatalog } from '../contract/catalog-contract.ts'
import { listOf, query } from '../contract/samples.ts'
import { DatabaseCatalog } from './database-catalog.ts'
import { recordGoneTags } from './record-tags.ts'

describeEachDatabase('the catalog', (databases) => {
  describeCatalog(`the catalog in ${databases.kind}`, async (clock) => {
    const store = await openStore(await databases.create())
    return { catalog: new DatabaseCatalog(store, { clock }), close: () => store.close() }
  })

  it('shows a tag again that went and came back between two lists', async () => {
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
})
