import type { Store } from '../../store/store.ts'
import { RepositoryIndex } from './repository-index.ts'

/** The catalog's database, with what is kept in memory beside it. One per process and store. */
export interface CatalogDatabase {
  readonly store: Store
  readonly repositories: RepositoryIndex
}

export function catalogDatabase(store: Store): CatalogDatabase {
  return { store, repositories: new RepositoryIndex(store) }
}

/**
 * What somebody may see: globs over repository names by registry, as `readableGlobs` gives them. A registry that is
 * absent doesn't exist for them. Nothing outside of this is in any result, count, facet or completion.
 */
export type Visibility = ReadonlyMap<string, readonly string[]>
