import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows, holdsRight } from '../../access/authorize.ts'
import { missingForRestore } from '../../image/delete/restore.ts'
import { attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import type { JournalledChange } from '../../store/file-journal.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { TAKEN_AWAY } from '../changes/safekeeping.ts'
import { openRepository } from '../registries/open.ts'

/** Something that a change took away, and that is kept. */
export interface TrashedItem {
  /** Names the change, for `undoChange`. */
  readonly change: string
  /** RFC 3339. */
  readonly at: string
  readonly registry: string
  readonly repository: string
  readonly tags: readonly string[]
  readonly digest: string
  readonly what: 'deleted' | 'overwritten'
  /** What the tag points at since, where it was overwritten. */
  readonly replacement?: string
  readonly mayRestore: boolean
}

export interface TrashPage {
  readonly items: readonly TrashedItem[]
  readonly total: number
}

export const TRASH_PAGE = 50

/** What was taken away from repositories that the actor may restore in, newest first. @param page from 1 */
export async function readTrash(actor: Actor, page: number): Promise<TrashPage> {
  const visible = (await changeJournal().entries()).filter(
    ({ outcome = '', record }) =>
      TAKEN_AWAY.includes(outcome) && record.bytes.byteLength > 0 && holdsRight(actor, 'restore', record),
  )
  const start = (page - 1) * TRASH_PAGE
  const items = visible.toReversed().slice(start, start + TRASH_PAGE)
  return { items: items.map((entry) => itemOf(actor, entry)), total: visible.length }
}

function itemOf(actor: Actor, { id, began, record, outcome, tookAlong, replacement }: JournalledChange): TrashedItem {
  const { registry, repository, digest } = record
  return {
    change: id,
    at: began,
    registry,
    repository,
    tags: 'tags' in record ? record.tags : [record.tag, ...tookAlong],
    digest,
    what: outcome === 'overwritten' ? 'overwritten' : 'deleted',
    ...(replacement && { replacement }),
    mayRestore: allows(actor, 'restore', record),
  }
}

/** Whether something can be restored right now. */
export type Restorable =
  | { readonly state: 'yes' }
  /** Garbage collection has taken some of its content. */
  | { readonly state: 'gone'; readonly missing: readonly string[] }
  | { readonly state: 'unknown'; readonly problem: Problem }

/** Asks the registry, and writes nothing. @throws AccessError */
export async function checkRestorable(
  actor: Actor,
  { change, registry, repository }: Pick<TrashedItem, 'change'> & Parameters<typeof openRepository>[2],
): Promise<Restorable> {
  const opened = openRepository(actor, 'restore', { registry, repository })
  const entry = await changeJournal().entry(change)
  if (entry?.record.registry !== registry || entry.record.repository !== repository)
    return { state: 'gone', missing: [] }
  const found = await attempt(() => missingForRestore(opened, entry.record))
  if (!found.ok) return { state: 'unknown', problem: found.problem }
  return found.value.length === 0 ? { state: 'yes' } : { state: 'gone', missing: found.value }
}
