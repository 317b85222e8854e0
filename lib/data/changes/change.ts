import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import type { Verb } from '../../access/rights.ts'
import { AuditError } from '../../audit/audit-error.ts'
import { repositoryChanged, repositoryExists } from '../../catalog/changed.ts'
import { barePlace, isSamePlace, type Place } from '../../oci/place.ts'
import type { Tag } from '../../oci/reference.ts'
import type { Repository } from '../../registry/registry.ts'
import { currentFence, type Fence, fencedBy } from '../../store/leases/fence.ts'
import { processLease } from '../../store/leases/process-lease.ts'
import { assertUnprotected } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { beginOwnChange, recordOwnChange } from '../sync/recheck.ts'
import { AuditedChange, type OutcomeNote, recordingRefusal } from './audited-change.ts'
import type { ChangeTarget } from './change-target.ts'
import { assertAnswers } from './needs-registry.ts'
import { Safekeeping } from './safekeeping.ts'

/** The context for the work of a change. It writes to no other repository, and saves what it deletes or overwrites. */
export interface Change {
  readonly repository: Repository
  readonly keep: Safekeeping
  /** One more repository to write to. @throws AccessError, AuditError */
  open(verb: Verb, target: ChangeTarget): Promise<Repository>
  /** For the audit log: facts found during the change. */
  note(note: OutcomeNote): void
  /** Tags that it changes beside those of its target. */
  alsoChanges(tags: readonly Tag[]): void
}

export interface Changed<T> {
  readonly result: T
  /**
   * Identifies the change for `undoChange`; absent if nothing was deleted or overwritten, or if the actor can't restore
   * it.
   */
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
  const lease = currentFence() ?? (await leaseForChange())
  return fencedBy(lease, () => makeChange(actor, verb, target, work))
}

/** Other processes settle the change if this one ends during it. */
async function leaseForChange(): Promise<Fence> {
  try {
    return await processLease()
  } catch (error) {
    throw new AuditError(error)
  }
}

async function makeChange<T>(
  actor: Actor,
  verb: Verb,
  target: ChangeTarget,
  work: (change: Change) => Promise<T>,
): Promise<Changed<T>> {
  const audited = new AuditedChange(actor)
  const tags = new Set<Tag>()
  const further = new Map<string, Opened>()
  const enter = async (entered: Verb, one: ChangeTarget) => {
    const { opened, overridden } = await recordingRefusal(actor, entered, one, async () => ({
      opened: openRepository(actor, entered, one),
      overridden: await assertUnprotected(actor, entered, one),
    }))
    await audited.begin(entered, one, overridden)
    return opened
  }
  const repository = await enter(verb, target)
  try {
    await assertAnswers(repository)
  } catch (error) {
    await audited.fail(error)
    throw error
  }
  const keep = new Safekeeping(actor, target.plan)
  const open = async (also: Verb, one: ChangeTarget) => {
    const opened = await enter(also, one)
    const key = `${one.registry}/${one.repository}`
    const before = isSamePlace(one, target) ? tags : further.get(key)?.tags
    further.set(key, { place: one, repository: opened, tags: addTags(one, before) })
    return opened
  }
  const endOwnChange = beginOwnChange(actor, target, addTags(target, tags))
  try {
    const result = await work({
      repository,
      keep,
      open,
      note: (note) => audited.note(note),
      alsoChanges: (more) => addTags({ tags: more }, tags),
    })
    await keep.finish()
    await audited.end(verb, keep.takenAway)
    // A change that opens further repositories writes to those.
    const written = further.size > 0 ? [...further.values()].map((each) => each.repository) : [repository]
    if (verb !== 'delete') await tellCatalog(repositoryExists, written)
    const { undo } = keep
    return { result, ...(undo && allows(actor, 'restore', target) && { undo }) }
  } catch (error) {
    const failure = await keep.fail(error)
    await audited.fail(failure, keep.takenAway)
    throw failure
  } finally {
    const others = [...further.values()].filter(({ place }) => !isSamePlace(place, target))
    await tellCatalog(repositoryChanged, [repository, ...others.map((each) => each.repository)])
    endOwnChange()
    for (const { place, tags: own } of others) {
      const [tag, second] = own
      recordOwnChange(actor, { ...barePlace(place), ...(second === undefined && { tag }) }, own)
    }
  }
}

/** The change has happened, or not: a catalog that couldn't be updated doesn't change that. */
async function tellCatalog(
  tell: (repository: Repository) => Promise<void>,
  repositories: readonly Repository[],
): Promise<void> {
  for (const repository of repositories)
    await tell(repository).catch((error) =>
      console.error(`The catalog may be out of date about ${repository.registry.name}/${repository.name}`, error),
    )
}

interface Opened {
  readonly place: Place
  readonly repository: Repository
  readonly tags: Set<Tag>
}

/** Adds the tags of a target. @returns the set */
function addTags({ tag, tags = [] }: Pick<ChangeTarget, 'tag' | 'tags'>, to = new Set<Tag>()): Set<Tag> {
  for (const one of tag === undefined ? tags : [tag, ...tags]) to.add(one)
  return to
}
