import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { visibleRepositories } from '../../access/visible-repositories.ts'
import { registryCoverage } from '../../catalog/database/registry-coverage.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { visibleRegistry } from '../registries/registries.ts'
import { readSyncStates } from '../sync/read-sync-states.ts'
import { searchVisibility } from './search-visibility.ts'

/** How much of a registry the catalog knows, and since when. */
export interface CatalogAge {
  readonly registry: string
  /** When the last sync ended, in ISO 8601. Absent: it was never synced, and only what pages opened is known. */
  readonly syncedAt?: string
  /** Its first sync is running. */
  readonly isFirstSync?: boolean
  /** Repositories that the actor may see and that have never been read. */
  readonly unread: number
}

/** For each registry that the actor may see, in the order of the configuration. @throws StoreError */
export async function readCatalogAges(actor: Actor): Promise<CatalogAge[]> {
  return (await readCoverage(actor)).map(agesOf)
}

export function agesOf({ unread, ...age }: ReadCoverage): CatalogAge {
  return { ...age, unread: unread.length }
}

/** As `CatalogAge`, with the names of what has never been read. */
export interface ReadCoverage extends Omit<CatalogAge, 'unread'> {
  readonly unread: readonly string[]
}

/** @throws StoreError */
export async function readCoverage(actor: Actor): Promise<ReadCoverage[]> {
  const visibility = searchVisibility(actor)
  const [coverage, states] = await Promise.all([
    theCatalogDatabase().then((database) => registryCoverage(database, visibility)),
    readSyncStates(actor),
  ])
  const syncing = new Set(states.flatMap(({ registry, running }) => (running ? [registry] : [])))
  return Promise.all(
    [...visibility.keys()].map(async (registry): Promise<ReadCoverage> => {
      const { repositories = new Map<string, boolean>(), syncedAt } = coverage.get(registry) ?? {}
      const listed =
        (await catalogOf(visibleRegistry(actor, registry)).catalog.repositories(registry))?.value.sorted ?? []
      const unknown = visibleRepositories(actor, registry, listed).filter((name) => !repositories.has(name))
      const unread = [...repositories.keys()].filter((name) => !repositories.get(name))
      return {
        registry,
        ...(syncedAt !== undefined
          ? { syncedAt: new Date(syncedAt).toISOString() }
          : syncing.has(registry) && { isFirstSync: true }),
        unread: [...unknown, ...unread],
      }
    }),
  )
}
