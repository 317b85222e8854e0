import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { type RepositoryRow, repositoryRows } from '../../catalog/database/repository-rows.ts'
import { theCatalogDatabase } from '../../catalog/database/the-catalog-database.ts'
import { isSamePlace, type Place } from '../../oci/place.ts'
import { pinnedRepositories, setPinned } from '../../store/pinned-repositories.ts'
import { theStore } from '../../store/the-store.ts'
import { placeInput } from '../input.ts'
import { personOf, requiredPerson } from '../person.ts'
import { openRepository } from '../registries/open.ts'
import { visibleRegistries } from '../registries/registries.ts'
import { searchVisibility } from '../search/search-visibility.ts'

/** Of one person. */
const MOST_PINNED = 100

export const pinInput = placeInput.extend({ pinned: z.boolean() })

export interface PinnedRow extends Place {
  readonly newest?: RepositoryRow['newest']
}

/** Pins a repository to the actor's home page, or unpins it. @throws AccessError, StoreError */
export async function pinRepository(
  actor: Actor,
  input: z.output<typeof pinInput>,
): Promise<{ readonly isFull: boolean }> {
  const owner = requiredPerson(actor)
  openRepository(actor, 'browse', input)
  const store = await theStore()
  const pins = input.pinned ? await pinnedRepositories(store, owner) : []
  if (pins.length >= MOST_PINNED && !pins.some((pin) => isSamePlace(pin, input))) return { isFull: true }
  await setPinned(store, owner, input, Date.now())
  return { isFull: false }
}

/** Whether the actor has pinned it; undefined for visitors, who can't. @throws StoreError */
export async function isPinned(actor: Actor, place: Place): Promise<boolean | undefined> {
  const owner = personOf(actor)
  if (owner === undefined) return undefined
  const pinned = await pinnedRepositories(await theStore(), owner)
  return pinned.some((pin) => isSamePlace(pin, place))
}

/** Pins that are still visible to the actor, with what's known about their newest tag. @throws StoreError */
export async function readPins(actor: Actor): Promise<readonly PinnedRow[]> {
  const owner = personOf(actor)
  if (owner === undefined) return []
  const registries = new Set(visibleRegistries(actor).map(({ name }) => name))
  const pins = (await pinnedRepositories(await theStore(), owner)).filter(
    (pin) => registries.has(pin.registry) && allows(actor, 'browse', pin),
  )
  const database = await theCatalogDatabase()
  const visibility = searchVisibility(actor)
  const rows = await Promise.all(
    Array.from(
      Map.groupBy(pins, ({ registry }) => registry),
      ([registry, some]) =>
        repositoryRows(database, { visibility, registry, names: some.map(({ repository }) => repository) }),
    ),
  )
  const known = new Map(rows.flat().map((row) => [`${row.registry}/${row.repository}`, row]))
  return pins.map((pin) => {
    const newest = known.get(`${pin.registry}/${pin.repository}`)?.newest
    return { ...pin, ...(newest && { newest }) }
  })
}
