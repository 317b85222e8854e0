import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, holdsRight, registryDecides } from '../../access/authorize.ts'
import { nearestPage, type Page } from '../../format/page-of.ts'
import { isSamePlace, type Place } from '../../oci/place.ts'
import { attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { theStore } from '../../store/the-store.ts'
import { readTrashPage, type TrashedChange, trashPlaces } from '../../store/trash.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { mayUndo } from '../changes/may-undo.ts'
import { obstaclesToUndo } from '../changes/undo.ts'
import { openRepository } from '../registries/open.ts'
import { keptUntil } from './kept-until.ts'

/** Something that a change removed, and that is kept. */
export interface TrashedItem extends Omit<TrashedChange, 'id'> {
  /** Names the change, for `undoChange`. */
  readonly change: string
  /** RFC 3339: then it is forgotten, whether or not garbage collection has run. */
  readonly keptUntil: string
  readonly mayRestore: boolean
}

const PAGE_SIZE = 50

/**
 * What was taken away from repositories that the actor may restore in, newest first. Of the registry whose account they
 * signed in with, only what they took away: see `mayUndo`.
 * @param wanted from 1; the last page where there are fewer, as after a restore
 * @param text part of a repository, a tag, a digest or a user's name
 * @throws StoreError
 */
export async function readTrash(actor: Actor, wanted: number, text = ''): Promise<Page<TrashedItem>> {
  const store = await theStore()
  const places = (await trashPlaces(store))
    .filter((place) => holdsRight(actor, 'restore', place) && !registryDecides(actor, place.registry))
    .map(({ registry, repository }) => `${registry}/${repository}`)
  const own = actor.kind === 'user' && actor.account && { registry: actor.account.registry, user: actor.username }
  const read = (page: number) =>
    readTrashPage(store, { places, ...(own && { own }), text, offset: (page - 1) * PAGE_SIZE, limit: PAGE_SIZE })
  const first = Math.max(1, wanted)
  const found = await read(first)
  const page = nearestPage(first, found.total, PAGE_SIZE)
  const { items, total } = page === first ? found : await read(page)
  return { items: items.map((item) => itemOf(actor, item)), total, page, size: PAGE_SIZE }
}

function itemOf(actor: Actor, { id, ...item }: TrashedChange): TrashedItem {
  return { ...item, change: id, keptUntil: keptUntil(item.at), mayRestore: allows(actor, 'restore', item) }
}

/** Whether something can be restored right now. */
export type Restorable =
  /** `left`: tags that point at other images now, and would stay there. */
  | { readonly state: 'yes'; readonly left?: readonly string[] }
  /** It was kept as long as the trash keeps things. */
  | { readonly state: 'forgotten' }
  /** Garbage collection has taken some of its content. */
  | { readonly state: 'gone'; readonly missing: readonly string[] }
  /** It's there, and all its tags point at other images now. */
  | { readonly state: 'taken'; readonly tags: readonly string[] }
  | { readonly state: 'unknown'; readonly problem: Problem }

/** Asks the registry, and writes nothing. @throws AccessError */
export async function checkRestorable(
  actor: Actor,
  { change, ...place }: Place & Pick<TrashedItem, 'change'>,
): Promise<Restorable> {
  const opened = openRepository(actor, 'restore', place)
  const entry = await changeJournal().entry(change)
  const isHere = entry && isSamePlace(entry.record, place)
  if (!isHere || !mayUndo(actor, entry)) return { state: 'forgotten' }
  const found = await attempt(() => obstaclesToUndo(opened, entry), actor)
  if (!found.ok) return { state: 'unknown', problem: found.problem }
  const { missing, taken, isFutile } = found.value
  if (missing.length > 0) return { state: 'gone', missing }
  const tags = taken.map(({ tag }) => tag)
  if (isFutile) return { state: 'taken', tags }
  return { state: 'yes', ...(tags.length > 0 && { left: tags }) }
}
