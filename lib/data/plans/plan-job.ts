import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { isAccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { TagWatch } from '../../image/delete/tag-watch.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import type { Place } from '../../oci/place.ts'
import { isRepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { DEFAULT_CONCURRENCY, mapConcurrent } from '../../registry/concurrent.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { actorBehind } from '../jobs/job-owner.ts'
import { openRepository } from '../registries/open.ts'
import { adoptFinished } from './adopt-finished.ts'
import { checkItem } from './check-item.ts'
import { deleteItem } from './delete-item.ts'
import type { Plan, PlanItem, PlanState } from './plan.ts'
import { findPlan, recordOutcome, setChecked, setPlan, skipItem, undoableItems, waitingItems } from './plan-store.ts'
import { restoreItem } from './restore-item.ts'

/** Items between two looks at what the plan is wanted to do, and at whether all tags have to be read again. */
const CHUNK = 64
/** Failures in a row after which the registry is taken to be down. */
const GIVE_UP_AFTER = 32

export const planJob = jobKind(
  'plan',
  z.strictObject({
    plan: z.string(),
    registry: z.string(),
    repository: z.string().refine(isRepositoryName),
    work: z.enum(['delete', 'check', 'undo']),
  }),
  async ({ plan: id, work }, job, context) => {
    const plan = await findPlan(id)
    if (!plan) return
    if (work === 'delete' && (await hasUnsettled(plan))) context.postpone(2)
    try {
      const run = { plan, actor: await actorBehind(job.owner), context }
      if (work === 'check') await check(run)
      else if (work === 'undo') await undo(run)
      else await deleteAll(run)
    } catch (error) {
      // Rights that were taken away, a registry or a database that doesn't answer: it can go on from here later.
      const problem = problemOf(error)
      await setPlan(id, ['running'], { state: 'paused', problem })
      await setPlan(id, ['undoing'], { state: 'finished', problem })
      if (!isAccessError(error) && !isRegistryError(error)) throw error
    }
  },
)

interface Run {
  readonly plan: Plan
  readonly actor: Actor
  readonly context: JobContext
}

async function deleteAll({ plan, actor, context }: Run): Promise<void> {
  const place = placeOf(plan)
  await adoptFinished(plan)
  const watch = new TagWatch(openRepository(actor, 'browse', place))
  const items = await waitingItems(plan.id)
  await work(plan, context, items, 'running', {
    before: () => watch.refresh(),
    each: async (item) => {
      const result = await deleteItem(actor, place, watch, item)
      await recordOutcome(plan.id, item.position, result)
      return result.outcome !== 'failed'
    },
    end: 'finished',
  })
}

/** Puts back whatever the plan has deleted. */
async function undo({ plan, actor, context }: Run): Promise<void> {
  const place = placeOf(plan)
  await work(plan, context, await undoableItems(plan.id), 'undoing', {
    each: async (item) => {
      const result = await restoreItem(actor, place, item)
      await recordOutcome(plan.id, item.position, result)
      return result.outcome === 'restored'
    },
    end: 'undone',
  })
}

/** The dry run: everything that the deletion looks at, and no write. What has changed is skipped from now on. */
async function check({ plan, actor, context }: Run): Promise<void> {
  const end = (problem: Problem | null) => setPlan(plan.id, ['checking'], { state: 'draft', problem })
  try {
    const watch = new TagWatch(openRepository(actor, 'browse', placeOf(plan)))
    await watch.refresh({ signal: context.signal })
    for (const item of await waitingItems(plan.id)) {
      const reason = checkItem(watch, item)
      if (reason) await skipItem(plan.id, item.position, reason)
    }
    await setChecked(plan.id)
    await end(null)
  } catch (error) {
    await end(problemOf(error))
  }
}

interface Work {
  /** Before each chunk, while nothing else is under way. */
  readonly before?: () => Promise<void>
  /** @returns whether it worked */
  readonly each: (item: PlanItem) => Promise<boolean>
  readonly end: PlanState
}

/** Works through items until there are no more, or somebody wants it to stop: what is under way is always finished. */
async function work(
  plan: Plan,
  { signal, report }: JobContext,
  items: readonly PlanItem[],
  state: 'running' | 'undoing',
  { before, each, end }: Work,
): Promise<void> {
  const { id } = plan
  let done = 0
  let inARow = 0
  const pace = new Pace()
  for (let from = 0; from < items.length; ) {
    const now = await findPlan(id)
    const stop = signal.aborted ? 'cancel' : now?.wanted
    if (!now || stop !== 'run') {
      await stopped(id, state, stop === 'cancel')
      return
    }
    await before?.()
    const chunk = items.slice(from, from + (now.rate ? Math.min(CHUNK, now.rate) : CHUNK))
    from += chunk.length
    await mapConcurrent(
      chunk,
      async (item) => {
        if (signal.aborted || inARow >= GIVE_UP_AFTER) return
        await pace.turn(now.rate)
        inARow = (await each(item)) ? 0 : inARow + 1
        report({ done: ++done, total: items.length, counts: {} })
      },
      { limit: DEFAULT_CONCURRENCY },
    )
    if (inARow >= GIVE_UP_AFTER) {
      const detail = `The last ${GIVE_UP_AFTER} images failed, so the rest was not tried.`
      const problem = {
        code: 'plan.failing',
        title: 'Paused after many failures',
        detail,
        advice: 'Look at the failures, then resume.',
      }
      await setPlan(id, [state], { state: state === 'undoing' ? 'finished' : 'paused', problem })
      return
    }
  }
  await setPlan(id, [state], { state: end, ended: true })
}

function stopped(id: string, state: 'running' | 'undoing', isCancelled: boolean): Promise<boolean> {
  if (state === 'undoing') return setPlan(id, [state], { state: 'finished' })
  return setPlan(id, [state], isCancelled ? { state: 'cancelled', ended: true } : { state: 'paused' })
}

/** Starts no more than so many a second. */
class Pace {
  #next = performance.now()

  async turn(perSecond: number | undefined): Promise<void> {
    if (!perSecond) return
    const now = performance.now()
    const at = Math.max(now, this.#next)
    this.#next = at + 1000 / perSecond
    if (at > now) await delay(at - now)
  }
}

/** Whether a crash has left a change here that is still being compared with the registry. */
async function hasUnsettled({ registry, repository, startedAt }: Plan): Promise<boolean> {
  if (!startedAt) return false
  const entries = await changeJournal().entries()
  return entries.some(
    ({ outcome, began, record }) =>
      !outcome && began >= startedAt && record.registry === registry && record.repository === repository,
  )
}

function placeOf({ registry, repository }: Plan): Place {
  return { registry, repository }
}
