import 'server-only'
import { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import {
  deleteSavedSearch,
  type SavedSearch,
  savedSearches,
  saveSearch,
} from '../../catalog/database/saved-searches.ts'
import { config } from '../../config/config.ts'
import { theStore } from '../../store/the-store.ts'

export type { SavedSearch } from '../../catalog/database/saved-searches.ts'

/** Of one person. */
const MOST_SAVED = 200

export const saveSearchInput = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(100, 'A name has at most 100 characters.'),
  href: z
    .string()
    .max(4_000)
    .regex(/^\/(?:search|labels)(?:\?[^\s\\]*)?$/, 'Only searches and label reports can be saved.'),
})
export const deleteSavedSearchInput = z.strictObject({ id: z.uuid() })

/** Whether the actor is somebody whose searches can be kept. */
export function maySaveSearches(actor: Actor): boolean {
  return ownerOf(actor) !== undefined
}

/** The actor's own, by name; none for visitors. @throws StoreError */
export async function readSavedSearches(actor: Actor): Promise<readonly SavedSearch[]> {
  const owner = ownerOf(actor)
  return owner === undefined ? [] : savedSearches(await theStore(), owner)
}

/** A search of the same name is replaced. `isFull`: nothing was saved. @throws StoreError, AccessError for visitors */
export async function keepSearch(
  actor: Actor,
  search: z.output<typeof saveSearchInput>,
): Promise<{ readonly isFull: boolean }> {
  const owner = required(actor)
  const store = await theStore()
  const known = await savedSearches(store, owner)
  if (known.length >= MOST_SAVED && known.every(({ name }) => name !== search.name)) return { isFull: true }
  await saveSearch(store, owner, search, Date.now())
  return { isFull: false }
}

/** @throws StoreError, AccessError for visitors */
export async function removeSavedSearch(actor: Actor, { id }: z.output<typeof deleteSavedSearchInput>): Promise<null> {
  await deleteSavedSearch(await theStore(), required(actor), id)
  return null
}

/** Visitors of a start that only this machine can reach are one person. */
function ownerOf(actor: Actor): string | undefined {
  if (actor.kind === 'user') return `user:${actor.username}`
  return config().anonymousOnLoopbackOnly && actor.role !== 'none' ? 'this machine' : undefined
}

function required(actor: Actor): string {
  const owner = ownerOf(actor)
  if (owner === undefined) throw new AccessError('sign-in', 'browse', {})
  return owner
}
