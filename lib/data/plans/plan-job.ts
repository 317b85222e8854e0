import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { isAccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { plural } from '../../format/bytes.ts'
import { TagWatch } from '../../image/delete/tag-watch.ts'
import { isInterrupted } from '../../jobs/interrupted.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { Digest } from '../../oci/digest.ts'
import { isIndexType } from '../../oci/media-type.ts'
import { barePlace } from '../../oci/place.ts'
import { isRepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { DEFAULT_CONCURRENCY, gate, mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { isCutShort } from '../../store/cut-short.ts'
import { holdLease } from '../../store/leases/lease.ts'
import { theStore } from '../../store/the-store.ts'
import { recordingRefusal } from '../changes/audited-change.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { isUnsettled, settleInterrupted } from '../changes/settle.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { actorBehind, assertHeld, whileHeld } from '../jobs/job-owner.ts'
import { openRepository } from '../registries/open.ts'
import { recordOwnChange } from '../sync/recheck.ts'
import { adoptFinished } from './adopt-finished.ts'
import { checkItem } from './check-item.ts'
import { deleteItem, type ItemTurn } from './delete-item.ts'
import { UntaggedDeletion } from './delete-untagged.ts'
import { innerFirst, inOrder, outerFirst, type Rank } from './item-order.ts'
import { labelItem } from './label-item.ts'
import type { Plan, PlanItem, PlanState } from './plan.ts'
import {
  countItems,
  failedItems,
  readCounts,
  readItems,
  skipItem,
  tagsDealtWith,
  undoableItems,
  waitingItems,
} from './plan-items.ts'
import { findPlan, setChecked, setPlan } from './plan-store.ts'
import { undoVerbOf, verbOf } from './read-plan.ts'
import { type ItemResult, recordOutcome } from './record-outcome.ts'
import { restoreItem } from './restore-item.ts'
import { retagItem } from './retag-item.ts'
import { verifyRun } from './verify-run.ts'

/**
 * A round lasts this many milliseconds, or this many items: between two of them nothing is being changed, so that all
 * tags can be read again, and the plan's requested state is checked.
 */
const ROUND = 2_000
const MOST_IN_ROUND = 1_000
/** Items at a time: while some make requests, as many others wait for the database. */
const AT_ONCE = 2 * DEFAULT_CONCURRENCY
/** Milliseconds between two readings of the repository into the catalog during a run. */
const RECHECK_EVERY = 60_000
/** Failures in a row after which the registry counts as down. */
const GIVE_UP_AFTER = 32
/** Seconds until a plan asks once more whether its turn has come. */
const AGAIN_AFTER = 2

/** What a job does with its plan. */
export interface PlanTask {
  /** `delete` runs a plan of any kind: jobs are stored with this word. */
  readonly work: 'delete' | 'check' | 'undo'
  readonly retry?: Retry | undefined
}

interface Retry {
  /** Absent for everything that failed. */
  readonly position?: number | undefined
  /** The plan's state before, which it returns to as long as other items wait. */
  readonly state: 'finished' | 'cancelled' | 'paused'
}

export const planJob = jobKind(
  'plan',
  z.strictObject({
    plan: z.string(),
    registry: z.string(),
    repository: z.string().refine(isRepositoryName),
    work: z.enum(['delete', 'check', 'undo']),
    /** Only what failed, or one item of it; what a cancelled or paused run never reached stays as it is. */
    retry: z
      .strictObject({ position: z.int().optional(), state: z.enum(['finished', 'cancelled', 'paused']) })
      .optional(),
  }),
  async ({ plan, work, retry }, job, context) => {
    const turn = await workOnPlan(plan, { work, retry }, () => actorBehind(job.owner), context)
    if (turn === 'later') context.postpone(AGAIN_AFTER)
  },
  ({ plan }) => `plan ${plan}`,
)

/**
 * Does the work of the plan's state, within any job. Two plans that name the same tag would both report its deletion:
 * those of one repository run one after another, in whatever processes.
 * @param rights looked up again in every round: rights that are withdrawn stop it
 * @returns `later` while another plan runs there, or a change that a crash has left open isn’t settled
 */
export async function workOnPlan(
  id: string,
  { work, retry }: PlanTask,
  rights: () => Promise<Actor>,
  context: JobContext,
): Promise<'ended' | 'later'> {
  const plan = await findPlan(id)
  if (!plan) return 'ended'
  if (work === 'check') {
    await attend(plan, 'draft', context, async () => check({ plan, actor: await rights(), context }))
    return 'ended'
  }
  const rest = work === 'undo' ? 'finished' : (retry?.state ?? 'paused')
  if (await hasUnsettled(plan)) {
    await settleInterrupted({ failed: false })
    return later(plan, rest, context)
  }
  const lease = await holdLease(await theStore(), `plans of ${plan.registry}/${plan.repository}`)
  if (!lease) return later(plan, rest, context)
  try {
    const alone = { ...context, signal: AbortSignal.any([context.signal, lease.signal]) }
    const toDo = work === 'undo' ? undo : RUNS[plan.work]
    await attend(plan, rest, alone, async () => {
      const by = await rights()
      try {
        await whileHeld(nameOf(by), () => toDo({ plan, actor: by, rights, context: alone, rest, retry }))
      } finally {
        await recordPlanned(by, plan)
      }
    })
    return 'ended'
  } finally {
    // If the database is unreachable it expires.
    await lease.release().catch(() => {})
  }
}

/** The repository is read again. Where the plan's tags can't be read now, the journal still names who deleted what. */
async function recordPlanned(actor: Actor, plan: Plan): Promise<void> {
  recordOwnChange(actor, barePlace(plan), await tagsDealtWith(plan.id).catch(() => []))
}

/** A plan waiting for its turn can be paused and cancelled like a running one. */
async function later({ id, wanted, state }: Plan, rest: Rest, { signal, report }: JobContext) {
  if (isInterrupted(signal)) throw signal.reason
  const stop = signal.aborted ? 'cancel' : wanted
  if (stop === 'run') return 'later'
  const { undoable, waiting } = await readCounts(id)
  report({ done: 0, total: (state === 'undoing' ? undoable : waiting).images, counts: {} })
  await stopped(id, rest, stop === 'cancel')
  return 'ended'
}

/** What a plan is left as when its job can't go on. */
type Rest = 'draft' | 'finished' | 'cancelled' | 'paused'

async function attend({ id }: Plan, rest: Rest, { signal }: JobContext, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    // Another run continues it, in whatever process.
    if (isInterrupted(signal) || isCutShort(error)) throw error
    // Revoked rights, or a registry that doesn't answer: it can continue from here later.
    const problem = problemOf(error)
    const isSignedOut = isAccessError(error, 'account-gone') && rest === 'paused'
    const stopped = {
      ...problem,
      ...(isSignedOut && { title: 'Paused because its user signed out' }),
      // Read by admins, too: it isn't they who can't.
      ...(isAccessError(error, 'denied', 'sign-in') && WITHDRAWN),
    }
    await setPlan(id, ['running', 'undoing', 'checking'], {
      state: rest,
      problem: stopped,
    })
    if (!isAccessError(error) && !isRegistryError(error)) throw error
  }
}

const WITHDRAWN = {
  title: 'Stopped because its user may no longer do this',
  detail: 'The rights that it ran with were withdrawn.',
  advice: 'Cancel the rest; or give the rights back, then continue.',
}

interface Run {
  readonly plan: Plan
  /** With the rights of the current round. */
  actor: Actor
  readonly rights: () => Promise<Actor>
  readonly context: JobContext
  readonly rest: Rest
  readonly retry?: Retry | undefined
  /** Why the registry refuses deletions, if it has refused one. */
  refusal?: Problem | undefined
}

function itemsOf({ plan, retry }: Run): Promise<PlanItem[]> {
  return retry ? failedItems(plan.id, retry.position) : waitingItems(plan.id)
}

async function deleteAll(run: Run): Promise<void> {
  const { plan, actor } = run
  const place = barePlace(plan)
  const repository = openRepository(actor, 'browse', place)
  await adoptFinished(plan, repository, await itemsOf(run))
  const watch = new TagWatch(repository)
  const items = await itemsOf(run)
  await watch.refresh()
  const before = watch.digests()
  const deleting = {
    watch,
    gate: gate(),
    going: imagesOf([...(await waitingItems(plan.id)), ...(await failedItems(plan.id))]),
  }
  await work(run, items, 'running', {
    before: () => watch.refresh(),
    verify: () => verifyRun(plan.id, repository, before),
    rank: outerFirst(watch),
    each: async (item, turn) => {
      const result = await deleteItem(run.actor, plan, deleting, item, turn)
      // Its platforms come after it, and are kept with it.
      if (result.outcome === 'moved') deleting.going.delete(item.digest ?? '')
      return keep(run, item, result)
    },
    end: 'finished',
  })
}

/** Digests of images that are deleted with all their tags. */
function imagesOf(items: readonly PlanItem[]): Set<string> {
  return new Set(items.flatMap(({ kind, digest }) => (kind === 'image' && digest ? [digest] : [])))
}

/** Adds and moves the tags. Each is written on its own, so that none depends on another. */
async function retagAll(run: Run): Promise<void> {
  const { plan, actor } = run
  const repository = openRepository(actor, 'browse', barePlace(plan))
  const watch = new TagWatch(repository)
  await watch.refresh()
  const before = watch.digests()
  await work(run, await itemsOf(run), 'running', {
    verify: () => verifyRun(plan.id, repository, before),
    each: async (item) => keep(run, item, await retagItem(run.actor, plan, item)),
    end: 'finished',
  })
}

/** Adds the label to each image. Tags don’t change, so nothing needs verification. */
async function labelAll(run: Run): Promise<void> {
  const { plan, actor } = run
  const watch = new TagWatch(openRepository(actor, 'browse', barePlace(plan)))
  await work(run, await itemsOf(run), 'running', {
    before: () => watch.refresh(),
    each: async (item) => keep(run, item, await labelItem(run.actor, plan, watch, item)),
    end: 'finished',
  })
}

/** Deletes images without a tag, and verifies that every tag is where it was. */
async function deleteUntagged(run: Run): Promise<void> {
  const { plan, actor } = run
  const repository = openRepository(actor, 'browse', barePlace(plan))
  await adoptFinished(plan, repository, await itemsOf(run))
  const watch = new TagWatch(repository)
  await watch.refresh()
  const before = watch.digests()
  const deletion = new UntaggedDeletion(plan, repository, watch)
  await deletion.prepare(await readItems(plan.id, { filter: 'all' }))
  await work(run, await itemsOf(run), 'running', {
    before: () => watch.refresh(),
    verify: () => verifyRun(plan.id, repository, before),
    rank: ({ mediaType = '' }) => (isIndexType(mediaType) ? 0 : 1),
    each: async (item) => keep(run, item, await deletion.delete(run.actor, item)),
    end: 'finished',
  })
}

const RUNS: Readonly<Record<Plan['work'], (run: Run) => Promise<void>>> = {
  delete: deleteAll,
  retag: retagAll,
  label: labelAll,
  untagged: deleteUntagged,
}

/** Undoes everything the plan has changed. */
async function undo(run: Run): Promise<void> {
  const { plan, actor } = run
  const place = barePlace(plan)
  // Of what was interrupted, some may be deleted and not noted.
  const unsure = [...(await waitingItems(plan.id)), ...(await failedItems(plan.id))]
  await adoptFinished(plan, openRepository(actor, 'browse', place), unsure)
  const stayed = new Map<number, Set<string>>()
  const served = new Set<Digest>()
  const items = await undoableItems(plan.id)
  await work(run, items, 'undoing', {
    before: async () => served.clear(),
    rank: await innerFirst(items),
    each: async (item, turn) => {
      const left = stayed.get(item.position) ?? new Set()
      stayed.set(item.position, left)
      const { outcome, ...result } = await restoreItem(run.actor, place, item, turn, { stayed: left, served })
      await recordOutcome(plan.id, item.position, { outcome, ...result })
      const isWaiting = result.undo.length > 0 && result.detail === undefined
      return isWaiting ? { ...item, ...result } : result.undo.length === 0
    },
    end: 'undone',
    leftOver: async () => {
      const { images } = (await readCounts(plan.id)).undoable
      return images === 0 ? undefined : undoIncomplete(images)
    },
  })
}

function undoIncomplete(images: number): Problem {
  return {
    code: 'plan.undo-incomplete',
    title: 'Not everything was restored',
    detail: `${plural(images, 'image')} couldn’t be restored. The list says why.`,
    advice: 'Undo again once the reason is gone.',
  }
}

/** The dry run: all the deletion's checks, and no writes. Items that have changed are skipped from now on. */
async function check({ plan, actor, context }: Pick<Run, 'plan' | 'actor' | 'context'>): Promise<void> {
  const end = (problem: Problem | null) => setPlan(plan.id, ['checking'], { state: 'draft', problem })
  try {
    const watch = new TagWatch(openRepository(actor, 'browse', barePlace(plan)))
    await watch.refresh({ signal: context.signal })
    const items = inOrder(await waitingItems(plan.id), outerFirst(watch))
    const going = imagesOf(items)
    // The platforms of an index that is skipped are skipped after it.
    for (const [index, item] of items.entries()) {
      const reason = checkItem(watch, item, going)
      if (reason) {
        await skipItem(plan.id, item.position, reason)
        going.delete(item.digest ?? '')
      }
      context.report({ done: index + 1, total: items.length, counts: {} })
    }
    await setChecked(plan.id)
    await end(null)
  } catch (error) {
    await end(problemOf(error))
  }
}

/** What failed because its user has signed out stays to be done. @returns as `Work.each` @throws AccessError `account-gone` */
async function keep(run: Pick<Run, 'plan' | 'actor' | 'refusal'>, item: PlanItem, result: ItemResult) {
  const { plan, actor } = run
  const { outcome, removed, undo } = result
  run.refusal = result.refusal ?? run.refusal
  if (outcome === 'failed') await assertHeld(nameOf(actor))
  const isWaiting = outcome === 'waiting'
  // What is retried can be retried again, however this retry ends.
  await recordOutcome(plan.id, item.position, isWaiting && item.outcome ? { ...result, outcome: 'partly' } : result)
  return isWaiting ? { ...item, removed, undo } : outcome !== 'failed'
}

function nameOf(actor: Actor): string | undefined {
  return actor.kind === 'user' ? actor.username : undefined
}

interface Work {
  /** Before each round, while no item is being processed. */
  readonly before?: () => Promise<void>
  /** Default: every item is of the same. */
  readonly rank?: Rank
  /** @returns whether it worked; or what is left of the item, for the next round */
  readonly each: (item: PlanItem, turn: ItemTurn) => Promise<boolean | PlanItem>
  readonly end: PlanState
  /** Whenever it stops with something done, as the rest may never run. */
  readonly verify?: () => Promise<void>
  /** Why it isn't at its end although all items have ended. */
  readonly leftOver?: () => Promise<Problem | undefined>
}

/** Processes items until there are no more, or until asked to stop: started items are always finished. */
async function work(
  run: Run,
  items: readonly PlanItem[],
  state: 'running' | 'undoing',
  { before, rank = () => 0, each, end, verify, leftOver }: Work,
): Promise<void> {
  const { plan, rest, retry } = run
  const { signal, report } = run.context
  const { id } = plan
  let done = 0
  let failed = 0
  let inARow = 0
  const pace = new Pace()
  let recheckAt = performance.now() + RECHECK_EVERY
  report({ done, total: items.length, counts: { failed } })
  for (let left = inOrder(items, rank); left.length > 0; ) {
    if (isInterrupted(signal)) throw signal.reason
    const now = await findPlan(id)
    const stop = signal.aborted ? 'cancel' : now?.wanted
    if (!now || stop !== 'run') {
      if (stop === 'cancel' || done > 0) await verify?.()
      await stopped(id, rest, stop === 'cancel')
      return
    }
    try {
      await renewRights(run, state)
    } catch (error) {
      if (done > 0) await verify?.()
      throw error
    }
    const round = nextRound(left, now.rate, rank)
    await before?.()
    const until = performance.now() + ROUND
    const later: PlanItem[] = []
    const isOver = () => signal.aborted || inARow >= GIVE_UP_AFTER || performance.now() >= until
    const turn = { next: () => pace.turn(now.rate, isOver) }
    await mapConcurrent(
      round,
      async (item) => {
        if (!(await turn.next())) return void later.push(item)
        const ended = await each(item, turn)
        if (typeof ended === 'object') return void later.push(ended)
        inARow = ended ? 0 : inARow + 1
        if (!ended) failed += 1
        report({ done: ++done, total: items.length, counts: { failed } })
      },
      { limit: AT_ONCE },
    )
    left = [...later, ...left.slice(round.length)]
    if (inARow >= GIVE_UP_AFTER) {
      const detail = `The last ${GIVE_UP_AFTER} images failed, so the rest weren’t tried.`
      const problem = {
        code: 'plan.failing',
        title: rest === 'paused' ? 'Paused after many failures' : 'Stopped after many failures',
        detail,
        advice: rest === 'paused' ? 'Check the failures, then resume.' : 'Check the failures, then try again.',
      }
      await verify?.()
      await setPlan(id, [state], { state: rest, problem: run.refusal ?? problem })
      return
    }
    if (performance.now() < recheckAt) continue
    await recordPlanned(run.actor, plan)
    recheckAt = performance.now() + RECHECK_EVERY
  }
  await verify?.()
  const incomplete = await leftOver?.()
  const problem = incomplete ?? (failed === done ? run.refusal : undefined)
  const isLeft = incomplete !== undefined || (retry && (await countItems(id, 'waiting')) > 0)
  await setPlan(id, [state], { state: isLeft ? rest : end, ended: true, ...(problem && { problem }) })
}

/** @throws AccessError for rights that its user no longer has */
async function renewRights(run: Run, state: 'running' | 'undoing'): Promise<void> {
  const { plan } = run
  const verb = state === 'undoing' ? undoVerbOf(plan) : verbOf(plan)
  const actor = await run.rights()
  await recordingRefusal(actor, verb, barePlace(plan), () => openRepository(actor, verb, barePlace(plan)))
  run.actor = actor
}

/** Never an index with what it lists, which can be deleted only after it, and has to be restored before it. */
function nextRound(left: readonly PlanItem[], rate: number | undefined, rank: Rank): readonly PlanItem[] {
  const others = left.findIndex((item) => rank(item) !== rank(left[0] as PlanItem))
  return left.slice(0, Math.min(others < 0 ? left.length : others, rate ?? MOST_IN_ROUND, MOST_IN_ROUND))
}

function stopped(id: string, rest: Rest, isCancelled: boolean): Promise<boolean> {
  const isOver = isCancelled && rest === 'paused'
  return setPlan(id, ['running', 'undoing'], isOver ? { state: 'cancelled', ended: true } : { state: rest })
}

/** Limits the starts per second. */
class Pace {
  #next = performance.now()
  #last: Promise<unknown> = Promise.resolve()

  /** One after another, so that what may begin no more takes nobody's time. @returns whether it may begin */
  async turn(perSecond: number | undefined, isOver: () => boolean): Promise<boolean> {
    if (!perSecond) return !isOver()
    const own = this.#last.then(async () => {
      if (isOver()) return false
      const now = performance.now()
      const at = Math.max(now, this.#next)
      if (at > now) await delay(at - now)
      if (isOver()) return false
      this.#next = at + 1000 / perSecond
      return true
    })
    this.#last = own
    return own
  }
}

/** Whether a crash has left a change here that is still being compared with the registry. */
async function hasUnsettled({ registry, repository, startedAt }: Plan): Promise<boolean> {
  if (!startedAt) return false
  const own = await changeJournal().entries({ place: { registry, repository }, since: startedAt })
  for (const entry of own) if (await isUnsettled(entry)) return true
  return false
}
