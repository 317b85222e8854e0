import 'server-only'
import { listedTags } from '../../format/listed-tags.ts'
import { escapeLike } from '../../store/escape-like.ts'
import { theStore } from '../../store/the-store.ts'
import type { PlanItem } from './plan.ts'
import { readCounts } from './plan-items.ts'
import { itemOf } from './plan-rows.ts'
import { setPlan } from './plan-store.ts'
import { undoneItem } from './undone-item.ts'

/** Tags that are back, and those that were left. */
interface Undone {
  readonly tags: readonly string[]
  readonly left: readonly { readonly tag: string }[]
}

/**
 * What a plan deleted or moved was restored on its own, as from the trash: the plan's undo no longer offers it.
 * @param change the entry of the journal that was undone
 * @throws StoreError
 */
export async function noteRestored(plan: string, change: string, undone: Undone): Promise<void> {
  const { write, dialect } = await theStore()
  const isNoted = await write.transaction().execute(async (db) => {
    const row = await db
      .selectFrom('plan_item')
      .selectAll()
      .where('plan_id', '=', plan)
      .where((eb) => dialect.isLike(eb.ref('undo'), `%"${escapeLike(change)}"%`))
      .executeTakeFirst()
    if (!row) return false
    const item = itemOf(row)
    const undo = item.undo.filter((id) => id !== change)
    const { outcome, removed, detail } = undo.length === 0 ? wholly(item, undone) : partly(item, undone)
    await db
      .updateTable('plan_item')
      .set({
        undo: JSON.stringify(undo),
        outcome: outcome ?? null,
        removed: JSON.stringify(removed),
        removed_count: removed.length,
        detail: detail ?? null,
      })
      .where('plan_id', '=', plan)
      .where('position', '=', row.position)
      .execute()
    return true
  })
  if (!isNoted) return
  const { done, undoable } = await readCounts(plan)
  if (done.images === 0 && undoable.images === 0)
    await setPlan(plan, ['finished', 'cancelled'], { state: 'undone', ended: true, problem: null })
}

type Noted = Pick<PlanItem, 'outcome' | 'removed' | 'detail'>

function wholly(item: PlanItem, { tags, left }: Undone): Noted {
  const still = item.removed.filter((tag) => !tags.includes(tag))
  return undoneItem(item, item.outcome === 'untagged' ? still : left.map(({ tag }) => tag))
}

/** Of an item that still has to be retried, tags that are back stay among the deleted ones: nothing may delete them again. */
function partly({ outcome, removed, detail }: PlanItem, { tags }: Undone): Noted {
  const restored = `${listedTags(tags)} ${tags.length === 1 ? 'was' : 'were'} restored.`
  return {
    outcome,
    removed: outcome === 'untagged' ? removed.filter((tag) => !tags.includes(tag)) : removed,
    detail: detail === undefined ? restored : `${detail} ${restored}`,
  }
}
