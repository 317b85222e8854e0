import 'server-only'
import type { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { JobError } from '../../jobs/job-error.ts'
import type { Digest } from '../../oci/digest.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { RegistryError } from '../../registry/errors.ts'
import type { Repository } from '../../registry/registry.ts'
import { placeInput } from '../input.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { protectionOf } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { tagSelection } from '../tags/selected-tags.ts'
import { estimateFreed } from './estimate-freed.ts'
import { groupTags, skippedTags } from './group-tags.ts'
import { knowSelection } from './know-selection.ts'
import { makeUntaggedPlan } from './make-untagged-plan.ts'
import { deselectedItems, readItems } from './plan-items.ts'
import { storePlan } from './plan-store.ts'
import { visiblePlan } from './read-plan.ts'
import { checkPlan } from './steer-plan.ts'

export const planInput = placeInput.extend({
  select: tagSelection,
})

/** A plan doesn't wait longer than this to know whether its registry deletes. Milliseconds. */
const ASKED_WITHIN = 2_000
/** Images of a repository whose layers are compared for an estimate. */
const ESTIMATE_IMAGES = 2_000

/** The origin of a plan that wasn't selected by hand. */
export interface PlanOrigin {
  readonly retentionRun: string
  readonly policy: string
  /** What each tag pointed at when it was selected: one that has moved since is left alone. */
  readonly expect: ReadonlyMap<Tag, Digest>
  /** Tags of the repository that later plans of the run delete. */
  readonly beyond?: number
}

interface PlanOptions {
  readonly origin?: PlanOrigin
  readonly seenWithin?: number
  /** Tags whose images are in the plan, but not selected. */
  readonly deselected?: ReadonlySet<string>
}

/**
 * Works out what deleting tags would do, and stores it. Nothing is changed in the registry. What the catalog has seen of
 * many tags is shown at once, and checked against the registry meanwhile.
 * @returns the plan's id
 * @throws AccessError; RegistryError `conflict` when not all tags can be listed; StoreError
 */
export async function makePlan(
  actor: Actor,
  { select, ...place }: z.output<typeof planInput>,
  { origin, seenWithin, deselected = new Set() }: PlanOptions = {},
): Promise<string> {
  const repository = openRepository(actor, 'delete', place)
  // Whether it deletes at all is remembered, for the plan's page to say. A policy's run finds out at once.
  const asked = origin ? undefined : askDeletes(repository)
  const {
    known: seen,
    selected,
    total,
    unjudged,
    asked: remembered,
  } = await knowSelection(repository, place, select, {
    ...(seenWithin !== undefined && { seenWithin }),
    // A policy's run has just read the repository, and begins the plan itself.
    mayBeOld: seenWithin === undefined && !origin,
  })
  const protects = await protectionOf(place)
  const protectedBy = (one: Tag) => {
    const rule = protects(one)
    return rule && `Protected by the rule ${rule.name}`
  }
  const known = { ...seen, protectedBy }
  const hasMoved = (one: Tag) => {
    const expected = origin?.expect.get(one)
    return expected !== undefined && known.tags.get(one)?.digest !== expected
  }
  const moved = selected.filter(hasMoved)
  const still = selected.filter((one) => !hasMoved(one))
  const left = new Map([...unjudged, ...(moved.length > 0 ? [[MOVED, moved] as const] : [])])
  const items = [...groupTags(still, known), ...skippedTags(left)]
  const images = Array.from(known.tags.values(), ({ digest }) => digest)
  const { items: estimated, ...freed } = await estimateFreed(repository, items, images, ESTIMATE_IMAGES)
  const planned = estimated.map((item) => ({
    ...item,
    ...(item.tags.some((tag) => deselected.has(tag)) && { isDeselected: true }),
  }))
  const plan = {
    owner: ownerOf(actor),
    registry: place.registry,
    repository: place.repository,
    tagsBefore: total,
    ...freed,
    ...remembered,
    ...(origin && { policy: origin.policy, retentionRun: origin.retentionRun, beyond: origin.beyond }),
  }
  const { oldSince } = seen
  if (oldSince === undefined) {
    await asked
    return storePlan(plan, planned)
  }
  const id = await storePlan({ ...plan, checkedAt: oldSince }, planned)
  await checkPlan(actor, id).catch(leftUnchecked)
  return id
}

/** A registry that doesn't say keeps nobody from making a plan. */
async function askDeletes(repository: Repository): Promise<void> {
  await repository.deletes({ signal: AbortSignal.timeout(ASKED_WITHIN) }).catch(() => {})
}

/** Its maker has too many jobs: the plan says when it was checked, and its run checks each item. */
function leftUnchecked(error: unknown): void {
  if (!(error instanceof JobError)) throw error
}

const MOVED = 'Moved or deleted since the policy was evaluated'

/**
 * The same selection once more, as the registry is now; what was deselected is so again. What has changed since a policy
 * selected it may be what that policy keeps now: only the policy can plan it again.
 * @returns the new plan's id
 */
export async function planAgain(actor: Actor, id: string): Promise<string> {
  const { registry, repository, query, except = [], work, keepDays, policy } = await visiblePlan(actor, id)
  if (policy !== undefined)
    throw new RegistryError('unsupported', `the policy ${policy} decides what is deleted: run it again`)
  const deselected = await deselectedItems(id)
  if (work === 'untagged') {
    const digests = new Set(deselected.flatMap(({ digest }) => digest ?? []))
    return makeUntaggedPlan(actor, { registry, repository, keepDays: keepDays ?? 0 }, digests)
  }
  if (work !== 'delete') throw new RegistryError('unsupported', 'only deletions can be planned again')
  const fresh = { seenWithin: 0, deselected: new Set(deselected.flatMap((item) => item.tags)) }
  if (query !== undefined) {
    const select = { matching: query, except: except.map(parseTag) }
    return makePlan(actor, { registry, repository, select }, fresh)
  }
  const items = await readItems(id, { filter: 'all' })
  const tags = items.flatMap((item) => item.tags.map(parseTag))
  return makePlan(actor, { registry, repository, select: { tags } }, fresh)
}
