import type { RegistryStorage } from '../../catalog/database/registry-storage.ts'
import { plural } from '../../format/bytes.ts'
import { type StorageEntry, storageEntries } from './storage-entries.ts'

/** The areas of a map: what is in a place and in each part of it. They add up to what the place would free. */
export interface StorageArea {
  /** `shared`: needed by several of its neighbours, so that it belongs to none. `others`: too small to be drawn alone. */
  readonly kind: 'namespace' | 'repository' | 'shared' | 'others'
  readonly name: string
  /** Absent for `shared` and `others`. */
  readonly place?: string
  readonly bytes: number
  /** Of `others`. */
  readonly count?: number
  readonly parts?: readonly StorageArea[]
}

/** Parts of a place that are drawn alone, and the least share of the map that one has. */
const DRAWN = 10
const LEAST = 0.006

/** Two levels below a place. */
export function storageMap(places: RegistryStorage['places'], place: string): StorageArea[] {
  const whole = places.get(place)?.frees ?? 0
  return partsOf(places, place, whole).map((area) =>
    area.kind === 'namespace' && area.place !== undefined
      ? { ...area, parts: partsOf(places, area.place, whole) }
      : area,
  )
}

function partsOf(places: RegistryStorage['places'], place: string, whole: number): StorageArea[] {
  const entries = storageEntries(places, place).toSorted((a, b) => b.frees - a.frees)
  const drawn = entries.filter(({ frees }, index) => index < DRAWN && frees > whole * LEAST)
  const rest = entries.slice(drawn.length)
  const small = sumOf(rest)
  const shared = (places.get(place)?.frees ?? 0) - sumOf(entries)
  const areas: StorageArea[] = drawn.map(({ name, place: path, frees }) => ({
    kind: path.endsWith('/') ? 'namespace' : 'repository',
    name,
    place: path,
    bytes: frees,
  }))
  const more = drawn.length > 0 ? `${rest.length} more` : plural(rest.length, 'small part')
  if (small > 0) areas.push({ kind: 'others', name: more, bytes: small, count: rest.length })
  if (shared > 0) areas.push({ kind: 'shared', name: 'shared', bytes: shared })
  return areas
}

function sumOf(entries: readonly StorageEntry[]): number {
  return entries.reduce((sum, { frees }) => sum + frees, 0)
}
