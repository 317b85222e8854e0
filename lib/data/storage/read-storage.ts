import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { catalogVersion, KeptResults } from '../../catalog/database/kept-results.ts'
import { type PlaceStorage, type RegistryStorage, registryStorage } from '../../catalog/database/registry-storage.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { processWide } from '../../config/process-wide.ts'
import { pageOf } from '../../format/page-of.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { StoragePageState } from '../../routes/storage-page-query.ts'
import { recordedRegistries } from '../registries/registries.ts'
import { type CatalogAge, readCatalogAges } from '../search/read-catalog-ages.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { type StorageEntry, storageEntries } from './storage-entries.ts'
import { type StorageArea, storageMap } from './storage-map.ts'

export type { PlaceStorage, StoredLayer } from '../../catalog/database/registry-storage.ts'

const PAGE_SIZE = 25
const MONTHS = 12
/** Sets of rights whose sums are kept. */
const KEPT = 20

export interface StoragePage {
  /** Every registry that the actor may see. */
  readonly registries: readonly string[]
  readonly registry: string
  /** `''`, or a namespace without its slash. */
  readonly path: string
  readonly place: PlaceStorage
  /** One page of what is directly in it. */
  readonly entries: readonly StorageEntry[]
  readonly matching: number
  readonly page: number
  readonly size: number
  readonly map: readonly StorageArea[]
  /** What follows is of the whole registry. */
  readonly withoutSharing: number
  /** At the end of each of the last months, of what is there now; the oldest first. */
  readonly months: readonly { readonly month: string; readonly bytes: number }[]
  readonly layers: RegistryStorage['layers']
  readonly age?: CatalogAge
  /** ISO 8601: when it was added up. */
  readonly at: string
}

/**
 * What a registry or a namespace holds, among what the actor may see; undefined without a registry.
 * @throws RegistryError `not-found`, StoreError
 */
export async function readStorage(actor: Actor, state: StoragePageState): Promise<StoragePage | undefined> {
  const registries = recordedRegistries(actor).map(({ name }) => name)
  const registry = state.registry ?? registries[0]
  if (registry === undefined) return undefined
  if (!registries.includes(registry)) throw new RegistryError('not-found', `there is no registry named ${registry}`)
  const [{ storage, at }, ages] = await Promise.all([storageOf(actor, registry), readCatalogAges(actor)])
  const place = state.path === '' ? '' : `${state.path}/`
  const sums = storage.places.get(place)
  if (!sums && place !== '') throw new RegistryError('not-found', `${registry} has nothing below ${state.path}`)
  const sorted = storageEntries(storage.places, place).sort(ORDERS[state.sort])
  const { items: entries, total: matching, page, size } = pageOf(sorted, state.page, PAGE_SIZE)
  const age = ages.find((each) => each.registry === registry)
  return {
    registries,
    registry,
    path: state.path,
    place: sums ?? { total: 0, frees: 0, shared: 0, blobs: 0 },
    entries,
    matching,
    page,
    size,
    map: storageMap(storage.places, place),
    withoutSharing: storage.withoutSharing,
    months: monthsOf(storage, new Date(at)),
    layers: storage.layers,
    ...(age && { age }),
    at: new Date(at).toISOString(),
  }
}

const byName = (a: StorageEntry, b: StorageEntry) => (a.name < b.name ? -1 : 1)
const ORDERS: Readonly<Record<StoragePageState['sort'], (a: StorageEntry, b: StorageEntry) => number>> = {
  frees: (a, b) => b.frees - a.frees || byName(a, b),
  total: (a, b) => b.total - a.total || byName(a, b),
  name: byName,
}

interface DatedStorage {
  readonly storage: RegistryStorage
  readonly at: number
}

/** Added up once for all users with the same visibility. */
async function storageOf(actor: Actor, registry: string): Promise<DatedStorage> {
  const database = await theCatalogDatabase()
  const globs = searchVisibility(actor).get(registry) ?? []
  const kept = processWide('storage-sums', () => new KeptResults<DatedStorage>({ most: KEPT }))
  return kept.find(JSON.stringify([registry, globs]), await catalogVersion(database.store), async () => {
    const at = Date.now()
    return { storage: await registryStorage(database, { visibility: new Map([[registry, globs]]), registry }), at }
  })
}

function monthsOf({ days, places }: RegistryStorage, now: Date): StoragePage['months'] {
  const dated = days.reduce((sum, { bytes }) => sum + bytes, 0)
  // What no image dates has been there all along, as far as is known.
  const undated = (places.get('')?.frees ?? 0) - dated
  return Array.from({ length: MONTHS }, (_, index) => {
    const back = MONTHS - 1 - index
    const end = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back + 1, 1) / 86_400_000
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7)
    const bytes = days.reduce((sum, each) => (each.day < end ? sum + each.bytes : sum), undated)
    return { month, bytes }
  })
}
