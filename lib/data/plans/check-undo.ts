import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { missingForRestore } from '../../image/delete/restore.ts'
import { attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { openRepository } from '../registries/open.ts'
import { undoableItems } from './plan-store.ts'
import { undoVerbOf, visiblePlan } from './read-plan.ts'
import { CREATED } from './retag-item.ts'

/** Images that are checked: requesting every layer of thousands takes too long for a page. */
const CHECKED = 100

/** Whether one undo would restore everything right now, as far as it was checked. */
export interface Undoable {
  readonly images: number
  readonly checked: number
  /** Images whose content is no longer all there, each with its first tag. */
  readonly lost: readonly { readonly name: string; readonly missing: readonly string[] }[]
  /** Why it's unknown. */
  readonly problem?: Problem
}

/** Asks the registry for what the deleted images need, and writes nothing. @throws AccessError, RegistryError `not-found` */
export async function checkUndo(actor: Actor, id: string): Promise<Undoable> {
  const plan = await visiblePlan(actor, id)
  const { registry, repository } = plan
  const opened = openRepository(actor, undoVerbOf(plan), { registry, repository })
  const items = await undoableItems(id)
  if (plan.work === 'label') return { images: items.length, checked: items.length, lost: [] }
  // Children of an index may be restored with it.
  const own = new Set(items.flatMap(({ digest }) => digest ?? []))
  const some = items.slice(0, CHECKED)
  const found = await attempt(() =>
    mapConcurrent(some, async ({ tags, undo, digest }) => {
      const entry = await changeJournal().entry(undo[0] ?? '')
      const missing = entry && undo[0] !== CREATED ? await missingForRestore(opened, entry.record) : []
      return { name: tags[0] ?? digest ?? '', missing: missing.filter((one) => !own.has(one)) }
    }),
  )
  const counts = { images: items.length, checked: some.length }
  if (!found.ok) return { ...counts, lost: [], problem: found.problem }
  return { ...counts, lost: found.value.filter(({ missing }) => missing.length > 0) }
}
