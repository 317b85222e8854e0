import 'server-only'
import { createHash } from 'node:crypto'
import type { Actor } from '../../access/actor.ts'
import type { TagWatch } from '../../image/delete/tag-watch.ts'
import { parseDigest } from '../../oci/digest.ts'
import type { Place } from '../../oci/place.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { addLabel, readAddedLabel, removeLabel } from '../labels/added-labels.ts'
import { checkItem } from './check-item.ts'
import { failedItem } from './failed-item.ts'
import type { Plan, PlanItem } from './plan.ts'
import type { ItemResult } from './record-outcome.ts'

/** Adds the plan's label to one image, if its tags are still on it. @throws AccessError */
export async function labelItem(
  actor: Actor,
  { id: plan, registry, repository, label }: Plan,
  watch: TagWatch,
  item: PlanItem,
): Promise<ItemResult> {
  const moved = checkItem(watch, item)
  if (moved) return { outcome: 'moved', removed: [], undo: [], detail: `${moved}.` }
  if (!label) return { outcome: 'failed', removed: [], undo: [], detail: 'The plan has no label.' }
  const place = { registry, repository }
  const id = labelId(plan, item.position)
  const done = { outcome: 'labelled', removed: item.tags, undo: [id] } as const
  try {
    // A run that was interrupted may have added it.
    const before = await find(actor, place, id)
    if (before && (before.published || !label.publish)) return done
    if (before) await removeLabel(actor, { ...place, id })
    const added = await addLabel(actor, { ...place, ...label, digest: parseDigest(item.digest) }, 'ui', { id, plan })
    if (added) return done
    const detail = 'This image has the maximum number of added labels. Delete one first.'
    return { outcome: 'failed', removed: [], undo: [], detail }
  } catch (error) {
    return failedItem(error)
  }
}

/** Takes back the labels that an item was given. Those that somebody has deleted since are gone already. @throws RegistryError, AccessError */
export async function unlabel(actor: Actor, place: Place, id: string): Promise<void> {
  if (await find(actor, place, id)) await removeLabel(actor, { ...place, id })
}

async function find(actor: Actor, place: Place, id: string) {
  try {
    return await readAddedLabel(actor, place, id)
  } catch (error) {
    if (isRegistryError(error, 'not-found')) return undefined
    throw error
  }
}

/** The same in each run, so that none adds a label twice: a UUID of version 8, RFC 9562 section 5.8. */
function labelId(plan: string, position: number): string {
  const hex = createHash('sha256').update(`${plan} ${position}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
