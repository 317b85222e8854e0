import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { authorizeRecords } from '../../access/authorize.ts'
import { type RepositoryStorage, repositoryStorage } from '../../catalog/database/repository-storage.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { countUntagged } from '../../catalog/database/untagged-manifests.ts'
import { catalogOf } from '../../catalog/the-catalog.ts'
import { nearestPage } from '../../format/page-of.ts'
import type { Place } from '../../oci/place.ts'
import { attempt } from '../../problem/attempt.ts'
import { openRepository } from '../registries/open.ts'
import { searchVisibility } from '../search/search-visibility.ts'
import { readUntagged, type UntaggedImages } from '../tags/read-images.ts'

export type { ImageStorage, RepositoryLayer } from '../../catalog/database/repository-storage.ts'

const PAGE_SIZE = 50

export interface RepositoryStoragePage extends Omit<RepositoryStorage, 'images'> {
  /** One page of them. */
  readonly images: RepositoryStorage['images']
  readonly page: number
  readonly size: number
  /** Tags that have been read, and all that are listed: every number is "at least" while they differ. */
  readonly read: number
  readonly listed: number
  /** Images that no tag leads to. Absent where the registry can't list them. */
  readonly untagged?: UntaggedImages
  /** Manifests that the catalog has seen lose their last tag: whether they are still there isn't known. */
  readonly lostTags: number
}

/** What a repository holds, and what deleting its images would free. @throws RegistryError, AccessError, StoreError */
export async function readRepositoryStorage(
  actor: Actor,
  place: Place,
  wanted: number,
): Promise<RepositoryStoragePage> {
  const repository = openRepository(actor, 'browse', place)
  authorizeRecords(actor, place)
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const read = (page: number) =>
    repositoryStorage(database, { visibility, place, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
  const [first, counts, untagged, lostTags] = await Promise.all([
    read(Math.max(1, wanted)),
    catalogOf(repository.registry).catalog.tagCounts(place),
    attempt(() => readUntagged(actor, place), actor),
    countUntagged(database.store, place),
  ])
  const page = nearestPage(wanted, first?.imageCount ?? 0, PAGE_SIZE)
  const storage = page === Math.max(1, wanted) ? first : await read(page)
  return {
    ...(storage ?? NOTHING),
    page,
    size: PAGE_SIZE,
    read: counts?.value.known ?? 0,
    listed: counts?.value.total ?? 0,
    lostTags,
    ...(untagged.ok && untagged.value && { untagged: untagged.value }),
  }
}

const NOTHING: RepositoryStorage = { total: 0, frees: 0, blobs: 0, imageCount: 0, images: [], layers: [] }
