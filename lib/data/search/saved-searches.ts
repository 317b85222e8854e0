import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import {
  deleteSavedSearch,
  type SavedSearch,
  savedSearches,
  saveSearch,
} from '../../catalog/database/saved-searches.ts'
import { theStore } from '../../store/the-store.ts'
import { personOf, requiredPerson } from '../person.ts'

export type { SavedSearch } from '../../catalog/database/saved-searches.ts'

/** Of one person. */
const MOST_SAVED = 200

export const saveSearchInput = z.strictObject({
  name: z.string().trim().min(1, 'Give the search a name.').max(100, 'Use a name of at most 100 characters.'),
  href: z
    .string()
    .max(4_000)
    .regex(/^\/(?:search|labels|activity)(?:\?[^\s\\]*)?$/, 'Only searches, label reports and changes can be saved.'),
})
export const deleteSavedSearchInput = z.strictObject({ id: z.uuid() })

/** Whether the actor is somebody whose searches can be kept. */
export function maySaveSearches(actor: Actor): boolean {
  return personOf(actor) !== undefined
}

/** The actor's own, by name; none for visitors. @throws StoreError */
export async function readSavedSearches(actor: Actor): Promise<readonly SavedSearch[]> {
  const owner = personOf(actor)
  return owner === undefined ? [] : savedSearches(await theStore(), owner)
}

/** A search of the same name is replaced. `isFull`: nothing was saved. @throws StoreError, AccessError for visitors */
export async function keepSearch(
  actor: Actor,
  search: z.output<typeof saveSearchInput>,
): Promise<{ readonly isFull: boolean }> {
  const owner = requiredPerson(actor)
  const store = await theStore()
  const known = await savedSearches(store, owner)
  if (known.length >= MOST_SAVED && known.every(({ name }) => name !== search.name)) return { isFull: true }
  await saveSearch(store, owner, search, Date.now())
  return { isFull: false }
}

/** @throws StoreError, AccessError for visitors */
export async function removeSavedSearch(actor: Actor, { id }: z.output<typeof deleteSavedSearchInput>): Promise<null> {
  await deleteSavedSearch(await theStore(), requiredPerson(actor), id)
  return null
}
