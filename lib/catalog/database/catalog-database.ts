import { forReport, type Store } from '../../store/store.ts'
import { RepositoryIndex } from './repository-index.ts'

/** The catalog's database, with its in-memory caches. One per process and store. */
export interface CatalogDatabase {
  readonly store: Store
  readonly repositories: RepositoryIndex
}

export function catalogDatabase(store: Store): CatalogDatabase {
  return { store, repositories: new RepositoryIndex(store) }
}

/** The same for reports and exports, whose reading gives way to that of pages. */
export function reportDatabase(database: CatalogDatabase): CatalogDatabase {
  return { ...database, store: forReport(database.store) }
}
