import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { Verb } from '../../access/rights.ts'
import { changed, exists } from '../../catalog/changed.ts'
import type { Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { openRepository } from '../registries/open.ts'
import { Safekeeping } from './safekeeping.ts'

export interface ChangeTarget extends Place {
  readonly tag?: Tag
}

/** What the work of a change is given. It writes to no other repository, and keeps what it takes away. */
export interface Change {
  readonly repository: Repository
  readonly keep: Safekeeping
  /** One more repository to write to. @throws AccessError */
  open(verb: Verb, target: ChangeTarget): Repository
}

export interface Changed<T> {
  readonly result: T
  /** Names what was taken away for `undoChange`; absent where nothing was, or where the actor may not put it back. */
  readonly undo?: string
}

/**
 * The one frame for everything that people do to a registry: the door, then the work, which keeps what it takes away
 * before the first write, then one `changed` event for each repository that it opened, whatever happened.
 * @throws AccessError before any request; RegistryError, also when the registry was lost midway: what was kept is then
 *   compared with the registry once that responds again
 */
export async function change<T>(
  actor: Actor,
  verb: Verb,
  target: ChangeTarget,
  work: (change: Change) => Promise<T>,
): Promise<Changed<T>> {
  const repository = openRepository(actor, verb, target)
  const further = new Map<string, Place>()
  const keep = new Safekeeping(actor)
  const open = (also: Verb, one: ChangeTarget) => {
    const opened = openRepository(actor, also, one)
    further.set(`${one.registry}/${one.repository}`, one)
    return opened
  }
  try {
    const result = await work({ repository, keep, open })
    await keep.finish()
    // A change that opens further repositories writes to those.
    if (verb !== 'delete') await tellCatalog(exists, further.size > 0 ? further.values() : [target])
    const { undo } = keep
    return { result, ...(undo && allows(actor, 'restore', target) && { undo }) }
  } catch (error) {
    throw await keep.fail(error)
  } finally {
    await tellCatalog(changed, [target, ...[...further.values()].filter((place) => !isSame(place, target))])
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
