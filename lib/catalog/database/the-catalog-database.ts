import { processWide } from '../../config/process-wide.ts'
import type { Store } from '../../store/store.ts'
import { theStore } from '../../store/the-store.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'

/** The catalog's database of this process. @throws StoreError while it can't be used */
export async function theCatalogDatabase(): Promise<CatalogDatabase> {
  const opened = processWide('catalog-databases', () => new WeakMap<Store, CatalogDatabase>())
  const store = await theStore()
  const database = opened.get(store) ?? catalogDatabase(store)
  opened.set(store, database)
  return database
}
