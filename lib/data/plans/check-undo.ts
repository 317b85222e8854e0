import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { digestAt } from '../../image/graph/digest-at.ts'
import { parseTag } from '../../oci/reference.ts'
import { attempt } from '../../problem/attempt.ts'
import type { Problem } from '../../problem/problem.ts'
import { mapConcurrent } from '../../registry/concurrent.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { obstaclesToUndo } from '../changes/undo.ts'
import { openRepository } from '../registries/open.ts'
import { undoableItems } from './plan-items.ts'
import { undoVerbOf, visiblePlan } from './read-plan.ts'
import { CREATED } from './retag-item.ts'

/** Images that are checked: requesting every layer of thousands takes too long for a page. */
const CHECKED = 100
/** Of an image whose tags were deleted one by one, as many are checked. */
const TAGS_CHECKED = 20

/** Whether one undo would restore everything right now, as far as it was checked. */
export interface Undoable {
  readonly images: number
  readonly checked: number
  /** Images whose content is no longer all there, each with its first tag. */
  readonly lost: readonly { readonly name: string; readonly missing: readonly string[] }[]
  /** Tags that point at other images now, where an undo leaves them. The first of each image. */
  readonly taken: readonly string[]
  /** Why it's unknown. */
  readonly problem?: Problem
}

/** Asks the registry for what the deleted images need, and writes nothing. @throws AccessError, RegistryError `not-found` */
export async function checkUndo(actor: Actor, id: string): Promise<Undoable> {
  const plan = await visiblePlan(actor, id)
  const { registry, repository } = plan
  const opened = openRepository(actor, undoVerbOf(plan), { registry, repository })
  const items = await undoableItems(id)
  if (plan.work === 'label') return { images: items.length, checked: items.length, lost: [], taken: [] }
  // Children of an index may be restored with it.
  const own = new Set(items.flatMap(({ digest }) => digest ?? []))
  const some = items.slice(0, CHECKED)
  const found = await attempt(() =>
    mapConcurrent(some, async ({ tags, undo, digest }) => {
      const changes = undo.slice(0, TAGS_CHECKED).filter((change) => change !== CREATED)
      const entries = await mapConcurrent(changes, (change) => changeJournal().entry(change))
      // Together: they need the same content, which is requested once.
      const obstacles = await mapConcurrent(
        entries.flatMap((entry) => entry ?? []),
        (entry) => obstaclesToUndo(opened, entry),
      )
      const missing = new Set(obstacles.flatMap((each) => each.missing).filter((one) => !own.has(one)))
      const taken: string[] = obstacles.flatMap((each) => each.taken.map(({ tag }) => tag))
      if (undo.includes(CREATED)) {
        const now = await digestAt(opened, parseTag(tags[0]))
        if (now && now !== digest) taken.push(...tags)
      }
      return { name: tags[0] ?? digest ?? '', missing: [...missing], taken }
    }),
  )
  const checked = some.filter(({ undo }) => undo.length <= TAGS_CHECKED).length
  const counts = { images: items.length, checked }
  if (!found.ok) return { ...counts, lost: [], taken: [], problem: found.problem }
  return {
    ...counts,
    lost: found.value.flatMap(({ name, missing }) => (missing.length > 0 ? { name, missing } : [])),
    taken: found.value.flatMap(({ taken }) => taken[0] ?? []),
  }
}
