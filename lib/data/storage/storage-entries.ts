import type { PlaceStorage, RegistryStorage } from '../../catalog/database/registry-storage.ts'

/** A namespace or repository directly below a place. */
export interface StorageEntry extends PlaceStorage {
  /** `team/` for a namespace, `team/api` for a repository. */
  readonly place: string
  /** The last segment. */
  readonly name: string
}

/** What is directly below a place. @param place `''` for the registry, `team/` for a namespace */
export function storageEntries(places: RegistryStorage['places'], place: string): StorageEntry[] {
  const entries: StorageEntry[] = []
  for (const [path, sums] of places) {
    if (path === place || !path.startsWith(place)) continue
    const rest = path.slice(place.length)
    const end = rest.indexOf('/')
    if (end === -1 || end === rest.length - 1) entries.push({ ...sums, place: path, name: rest.replace(/\/$/, '') })
  }
  return entries
}
