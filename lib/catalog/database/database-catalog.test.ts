import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { describeCatalog } from '../contract/catalog-contract.ts'
import { DatabaseCatalog } from './database-catalog.ts'

describeEachDatabase('the catalog', (databases) => {
  describeCatalog(`the catalog in ${databases.kind}`, async (clock) => {
    const store = await openStore(await databases.create())
    return { catalog: new DatabaseCatalog(store, { clock }), close: () => store.close() }
  })
})
