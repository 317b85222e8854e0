import 'server-only'
import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { plural } from '../../format/bytes.ts'
import { planCount, planUnit } from '../../format/plan-unit.ts'
import { RegistryError } from '../../registry/errors.ts'
import { RecordError } from '../../store/record-error.ts'
import { ownerOf } from '../jobs/job-owner.ts'
import { MAX_TAGS } from '../tags/selected-tags.ts'
import type { Plan, PlanState } from './plan.ts'
import { failedItems, readCounts, tickItems } from './plan-items.ts'
import { type PlanTask, planJob } from './plan-job.ts'
import { setPlan, setRate } from './plan-store.ts'
import { planId, undoVerbOf, verbOf, visiblePlan } from './read-plan.ts'

export const startInput = z.strictObject({
  id: planId,
  /** Of the selection that the person has read and confirmed. */
  revision: z.int(),
})

/** Runs a draft. @throws RecordError `plan-changed`; RegistryError `conflict` when it's no draft by now; AccessError, JobError */
export async function startPlan(actor: Actor, { id, revision }: z.output<typeof startInput>): Promise<void> {
  const plan = await editablePlan(actor, id)
  const unit = planUnit(plan.work)
  const planned = planCount(plan.work, (await readCounts(id)).planned)
  if (planned === 0) throw new RecordError('plan-changed', `no ${unit} is selected`)
  if (plan.revision !== revision) throw new RecordError('plan-changed', `the plan now has ${plural(planned, unit)}`)
  await run(actor, plan, { work: 'delete' }, ['draft'], revision)
}

/** Marks a draft as running, for a job that works on it itself. @returns false for one that has nothing to delete */
export async function beginPlan(actor: Actor, id: string): Promise<boolean> {
  const { work } = await editablePlan(actor, id)
  if (planCount(work, (await readCounts(id)).planned) === 0) {
    await setPlan(id, ['draft'], { state: 'cancelled', ended: true })
    return false
  }
  return setPlan(id, ['draft'], { state: 'running', wanted: 'run', problem: null, started: true })
}

/** Continues a plan that was paused or has stopped. */
export async function resumePlan(actor: Actor, id: string): Promise<void> {
  await run(actor, await plan(actor, id, 'run'), { work: 'delete' }, ['paused'])
}

export const retryInput = z.strictObject({ id: planId, position: z.int().nonnegative().optional() })

/** Retries failed items, and nothing else. */
export async function retryPlan(actor: Actor, { id, position }: z.output<typeof retryInput>): Promise<void> {
  const found = await plan(actor, id, 'run')
  const state = STOPPED.find((one) => one === found.state)
  if (!state) throw changed()
  if ((await failedItems(id, position)).length === 0) return
  await run(actor, found, { work: 'delete', retry: { state, ...(position !== undefined && { position }) } }, [state])
}

/** Checks every item against the registry, as the run will, and changes nothing there. */
export async function checkPlan(actor: Actor, id: string): Promise<void> {
  const { registry, repository } = await editablePlan(actor, id)
  if (!(await setPlan(id, ['draft'], { state: 'checking', problem: null }))) throw changed()
  try {
    await planJob.enqueue({ plan: id, registry, repository, work: 'check' }, ownerOf(actor))
  } catch (error) {
    await setPlan(id, ['checking'], { state: 'draft' })
    throw error
  }
}

/** One undo for everything that the plan has deleted. */
export async function undoPlan(actor: Actor, id: string): Promise<void> {
  await run(actor, await plan(actor, id, 'restore'), { work: 'undo' }, STOPPED)
}

export async function pausePlan(actor: Actor, id: string): Promise<void> {
  await visiblePlan(actor, id)
  await setPlan(id, ['running'], { wanted: 'pause' })
}

/** Leaves the remaining items as they are. */
export async function cancelPlan(actor: Actor, id: string): Promise<void> {
  await visiblePlan(actor, id)
  if (await setPlan(id, ['draft', 'checking', 'paused'], { state: 'cancelled', ended: true })) return
  await setPlan(id, ['running', 'undoing'], { wanted: 'cancel' })
  // Its job may have been cancelled while it was still waiting for its turn.
  if ((await planJob.unfinished()).some(({ plan: running }) => running === id)) return
  await setPlan(id, ['running'], { state: 'cancelled', ended: true })
  await setPlan(id, ['undoing'], { state: 'finished' })
}

export const tickInput = z.strictObject({
  id: planId,
  ticked: z.boolean(),
  /** Absent for all. */
  positions: z.array(z.int().nonnegative()).max(MAX_TAGS).readonly().optional(),
})

export async function tickPlan(actor: Actor, { id, ticked, positions }: z.output<typeof tickInput>): Promise<void> {
  await editablePlan(actor, id)
  await tickItems(id, ticked, positions)
}

export const rateInput = z.strictObject({ id: planId, rate: z.int().min(1).max(100).nullable() })

/** Images a second, from the next one on. */
export async function limitPlan(actor: Actor, { id, rate }: z.output<typeof rateInput>): Promise<void> {
  await visiblePlan(actor, id)
  await setRate(id, rate)
}

const STOPPED = ['finished', 'cancelled', 'paused'] as const

async function plan(actor: Actor, id: string, to: 'run' | 'restore'): Promise<Plan> {
  const found = await visiblePlan(actor, id)
  authorize(actor, to === 'restore' ? undoVerbOf(found) : verbOf(found), found)
  return found
}

async function editablePlan(actor: Actor, id: string): Promise<Plan> {
  const found = await plan(actor, id, 'run')
  if (found.state !== 'draft') throw changed()
  return found
}

/** The plan runs with the rights of the person who starts it. */
async function run(
  actor: Actor,
  { id, registry, repository }: Plan,
  task: PlanTask,
  from: readonly PlanState[],
  revision?: number,
) {
  const before = await visiblePlan(actor, id)
  const state = task.work === 'undo' ? 'undoing' : 'running'
  const isFirst = before.startedAt === undefined
  const change = {
    state,
    wanted: 'run',
    problem: null,
    ...(isFirst && { started: true }),
    // A retry leaves the run ended: what that didn't try isn't tried.
    ...(task.work === 'delete' && !task.retry && { ended: false }),
  } as const
  if (!(await setPlan(id, from, change, revision))) throw changed()
  try {
    await planJob.enqueue({ plan: id, registry, repository, ...task }, ownerOf(actor))
  } catch (error) {
    await setPlan(id, [state], {
      state: before.state,
      problem: before.problem ?? null,
      ...(isFirst && { started: false }),
    })
    throw error
  }
}

function changed(): RegistryError {
  return new RegistryError('conflict', 'the plan was changed in the meantime')
}
