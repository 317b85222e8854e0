import 'server-only'
import { escapeLike } from '../../store/escape-like.ts'
import { theStore } from '../../store/the-store.ts'
import { readCounts, setPlan } from './plan-store.ts'

/**
 * What a plan deleted or moved was restored on its own, as from the trash: the plan's undo no longer offers it.
 * @param change the entry of the journal that was undone
 * @param tags that are back
 * @throws StoreError
 */
export async function noteRestored(plan: string, change: string, tags: readonly string[]): Promise<void> {
  const { write, dialect } = await theStore()
  const isNoted = await write.transaction().execute(async (db) => {
    const row = await db
      .selectFrom('plan_item')
      .select(['position', 'outcome', 'tags', 'removed', 'undo', 'detail'])
      .where('plan_id', '=', plan)
      .where((eb) => dialect.isLike(eb.ref('undo'), `%"${escapeLike(change)}"%`))
      .executeTakeFirst()
    if (!row) return false
    const left = (JSON.parse(row.undo) as string[]).filter((id) => id !== change)
    await db
      .updateTable('plan_item')
      .set({ undo: JSON.stringify(left), ...(left.length === 0 ? wholly(row) : partly(row, tags)) })
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

interface Row {
  readonly outcome: string | null
  readonly tags: string
  readonly removed: string
  readonly detail: string | null
}

function wholly({ outcome, tags }: Row) {
  const all = { removed: tags, removed_count: JSON.parse(tags).length }
  return { outcome: 'restored', ...(outcome === 'untagged' && all) }
}

/** Of an item that still has to be retried, tags that are back stay among the deleted ones: nothing may delete them again. */
function partly({ outcome, removed, detail }: Row, tags: readonly string[]) {
  const names = new Intl.ListFormat('en-GB').format(tags)
  const restored = `${names} ${tags.length === 1 ? 'was' : 'were'} restored.`
  const noted = { detail: detail === null ? restored : `${detail} ${restored}` }
  if (outcome !== 'untagged') return noted
  const still = (JSON.parse(removed) as string[]).filter((tag) => !tags.includes(tag))
  return { ...noted, removed: JSON.stringify(still), removed_count: still.length }
}
