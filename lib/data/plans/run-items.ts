import { setTimeout as delay } from 'node:timers/promises'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { isInterrupted } from '../../jobs/interrupted.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { barePlace } from '../../oci/place.ts'
import type { Problem } from '../../problem/problem.ts'
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../../registry/concurrent.ts'
import { recordingRefusal } from '../changes/audited-change.ts'
import { assertHeld } from '../jobs/job-owner.ts'
import { openRepository } from '../registries/open.ts'
import { recordOwnChange } from '../sync/recheck.ts'
import type { ItemTurn } from './delete-item.ts'
import { inOrder, type Rank } from './item-order.ts'
import type { Plan, PlanItem, PlanState } from './plan.ts'
import { countItems, tagsDealtWith } from './plan-items.ts'
import { findPlan, setPlan } from './plan-store.ts'
import { undoVerbOf, verbOf } from './read-plan.ts'
import { type ItemResult, recordOutcome } from './record-outcome.ts'

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

export interface Retry {
  /** Absent for everything that failed. */
  readonly position?: number | undefined
  /** The plan's state before, which it returns to as long as other items wait. */
  readonly state: 'finished' | 'cancelled' | 'paused'
}

/** What a plan is left as when its job can't go on. */
export type Rest = 'draft' | 'finished' | 'cancelled' | 'paused'

export interface Run {
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

interface Work {
  /** Before each round, while no item is being processed. */
  readonly before?: () => Promise<void>
  /** Default: all items rank the same. */
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
export async function runItems(
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
      await stopPlan(id, rest, stop === 'cancel')
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
      await verify?.()
      await setPlan(id, [state], { state: rest, problem: run.refusal ?? failing(rest) })
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

function failing(rest: Rest): Problem {
  const isPaused = rest === 'paused'
  return {
    code: 'plan.failing',
    title: isPaused ? 'Paused after many failures' : 'Stopped after many failures',
    detail: `The last ${GIVE_UP_AFTER} images failed, so the rest weren’t tried.`,
    advice: isPaused ? 'Check the failures, then resume.' : 'Check the failures, then try again.',
  }
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

/** Leaves the plan as it is when it's asked to stop. */
export function stopPlan(id: string, rest: Rest, isCancelled: boolean): Promise<boolean> {
  const isOver = isCancelled && rest === 'paused'
  return setPlan(id, ['running', 'undoing'], isOver ? { state: 'cancelled', ended: true } : { state: rest })
}

/** Limits the starts per second. */
class Pace {
  #next = performance.now()
  #last: Promise<unknown> = Promise.resolve()

  /** Turns come one after another, so that one that is over delays no other. @returns whether the item may begin */
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

/** Records the result of an item. What failed because its user has signed out stays to be done. @returns as `Work.each` @throws AccessError `account-gone` */
export async function keepResult(run: Pick<Run, 'plan' | 'actor' | 'refusal'>, item: PlanItem, result: ItemResult) {
  const { plan, actor } = run
  const { outcome, removed, undo } = result
  run.refusal = result.refusal ?? run.refusal
  if (outcome === 'failed') await assertHeld(usernameOf(actor))
  const isWaiting = outcome === 'waiting'
  // What is retried can be retried again, however this retry ends.
  await recordOutcome(plan.id, item.position, isWaiting && item.outcome ? { ...result, outcome: 'partly' } : result)
  return isWaiting ? { ...item, removed, undo } : outcome !== 'failed'
}

/** The repository is read again. Where the plan's tags can't be read now, the journal still names who deleted what. */
export async function recordPlanned(actor: Actor, plan: Plan): Promise<void> {
  recordOwnChange(actor, barePlace(plan), await tagsDealtWith(plan.id).catch(() => []))
}
