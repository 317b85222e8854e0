import 'server-only'
import type { Actor } from '../../access/actor.ts'
import type { Place } from '../../oci/place.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { undoChange } from '../changes/undo.ts'
import type { PlanItem } from './plan.ts'
import type { ItemResult } from './plan-store.ts'

/** Puts back everything that an item's deletion took. What could not be put back can be tried again. @throws AccessError */
export async function restoreItem(actor: Actor, place: Place, item: PlanItem): Promise<ItemResult> {
  const left = [...item.undo]
  const { removed } = item
  try {
    for (const id of item.undo) {
      await undoChange(actor, { ...place, change: id })
      left.shift()
    }
    return { outcome: 'restored', removed, undo: [] }
  } catch (error) {
    if (!isRegistryError(error)) throw error
    const outcome = item.outcome ?? (item.kind === 'image' ? 'deleted' : 'untagged')
    return { outcome, removed, undo: left, detail: `Not restored: ${problemOf(error).detail}` }
  }
}
