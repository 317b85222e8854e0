import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { digestAt } from '../../image/graph/digest-at.ts'
import { parseDigest } from '../../oci/digest.ts'
import { parseTag } from '../../oci/reference.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { retagImage } from '../changes/retag.ts'
import { openRepository } from '../registries/open.ts'
import { recordWritten } from '../sync/recheck.ts'
import { failedItem } from './failed-item.ts'
import type { Plan, PlanItem } from './plan.ts'
import type { ItemResult } from './record-outcome.ts'

/** Marks the undo of a new tag: it is deleted again. */
export const CREATED = 'created'

/** Adds or moves one tag, if it's unchanged since the plan was made. @throws AccessError */
export async function retagItem(actor: Actor, plan: Plan, item: PlanItem): Promise<ItemResult> {
  const { registry, repository } = plan
  const place = { registry, repository }
  const [to] = item.tags.map(parseTag)
  if (!to) return { outcome: 'failed', removed: [], undo: [], detail: 'There’s no tag to add.' }
  const from = parseDigest(item.digest)
  const expect = item.was === undefined ? null : parseDigest(item.was)
  try {
    const { digest, undo } = await retagImage(actor, { ...place, from, to, expect }, plan.id)
    await recordWritten(actor, place, [to], digest)
    return { outcome: 'tagged', removed: [to], undo: expect === null ? [CREATED] : undo ? [undo] : [] }
  } catch (error) {
    // A run that was interrupted may have done it.
    const isDone =
      isRegistryError(error, 'conflict') && (await digestAt(openRepository(actor, 'browse', place), to)) === from
    if (!isDone) return failedItem(error)
    const own = (await changeJournal().entries({ place, ...(plan.startedAt && { since: plan.startedAt }) })).find(
      ({ plan: of, record }) => of === plan.id && 'tag' in record && record.tag === to,
    )
    if (expect !== null && !own) return failedItem(error)
    return { outcome: 'tagged', removed: [to], undo: own ? [own.id] : [CREATED] }
  }
}
