import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { Verb } from '../../access/rights.ts'
import { changed, exists } from '../../catalog/changed.ts'
import type { Place } from '../../oci/place.ts'
import type { Repository } from '../../registry/registry.ts'
import { assertUnprotected } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { beginOwnChange, recordOwnChange } from '../sync/look-again.ts'
import { AuditedChange, type OutcomeNote, recordingRefusal } from './audited-change.ts'
import type { ChangeTarget } from './change-target.ts'
import { Safekeeping } from './safekeeping.ts'

/** What the work of a change is given. It writes to no other repository, and keeps what it takes away. */
export interface Change {
  readonly repository: Repository
  readonly keep: Safekeeping
  /** One more repository to write to. @throws AccessError, AuditError */
  open(verb: Verb, target: ChangeTarget): Promise<Repository>
  /** For the audit log: what turned out. */
  note(note: OutcomeNote): void
}

export interface Changed<T> {
  readonly result: T
  /** Names what was taken away for `undoChange`; absent where nothing was, or where the actor may not put it back. */
  readonly undo?: string
}

/**
 * The one frame for everything that people do to a registry: the door, protection rules, the intent in the audit log, then the work, which
 * keeps what it takes away before the first write, then the outcome, and one `changed` event for each repository that it
 * opened, with who did it, whatever happened.
 * @throws AccessError, ProtectedError and AuditError before any request; RegistryError, also when the registry was lost midway: what was
 *   kept is then compared with the registry once that responds again
 */
export async function change<T>(
  actor: Actor,
  verb: Verb,
  target: ChangeTarget,
  work: (change: Change) => Promise<T>,
): Promise<Changed<T>> {
  const audited = new AuditedChange(actor)
  const enter = async (entered: Verb, one: ChangeTarget) => {
    const { opened, overridden } = await recordingRefusal(actor, entered, one, async () => ({
      opened: openRepository(actor, entered, one),
      overridden: await assertUnprotected(actor, entered, one),
    }))
    await audited.begin(entered, one, overridden)
    return opened
  }
  const repository = await enter(verb, target)
  const further = new Map<string, Place>()
  const keep = new Safekeeping(actor)
  const open = async (also: Verb, one: ChangeTarget) => {
    const opened = await enter(also, one)
    further.set(`${one.registry}/${one.repository}`, one)
    return opened
  }
  const endOwnChange = beginOwnChange(actor, target)
  try {
    const result = await work({ repository, keep, open, note: (note) => audited.note(note) })
    await keep.finish()
    await audited.end(verb, keep.takenAway)
    // A change that opens further repositories writes to those.
    if (verb !== 'delete') await tellCatalog(exists, further.size > 0 ? further.values() : [target])
    const { undo } = keep
    return { result, ...(undo && allows(actor, 'restore', target) && { undo }) }
  } catch (error) {
    const failure = await keep.fail(error)
    await audited.fail(failure, keep.takenAway)
    throw failure
  } finally {
    const places = [target, ...[...further.values()].filter((place) => !isSame(place, target))]
    await tellCatalog(changed, places)
    endOwnChange()
    for (const place of places.slice(1)) recordOwnChange(actor, place)
  }
}

/** The change has happened, or not: a catalog that couldn't be updated doesn't change that. */
async function tellCatalog(tell: (place: Place) => Promise<void>, places: Iterable<Place>): Promise<void> {
  for (const { registry, repository } of places)
    await tell({ registry, repository }).catch((error) =>
      console.error(`The catalog may be out of date about ${registry}/${repository}`, error),
    )
}

function isSame(one: Place, other: Place): boolean {
  return one.registry === other.registry && one.repository === other.repository
}
