import { z } from 'zod'
import { isAccessError } from '../../access/access-error.ts'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { isInterrupted } from '../../jobs/interrupted.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { isRepositoryName } from '../../oci/reference.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { isRegistryError } from '../../registry/errors.ts'
import { isCutShort } from '../../store/cut-short.ts'
import { holdLease } from '../../store/leases/lease.ts'
import { theStore } from '../../store/the-store.ts'
import { changeJournal } from '../changes/change-journal.ts'
import { isUnsettled, settleInterrupted } from '../changes/settle.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { actorBehind, whileHeld } from '../jobs/job-owner.ts'
import type { Plan } from './plan.ts'
import { readCounts } from './plan-items.ts'
import { notePlanJob } from './plan-jobs.ts'
import { findPlan, setPlan } from './plan-store.ts'
import { type Rest, type Retry, recordPlanned, stopPlan } from './run-items.ts'
import { check, RUNS, undo } from './run-plan.ts'

/** Seconds until a plan asks once more whether its turn has come. */
const AGAIN_AFTER = 2

/** What a job does with its plan. */
export interface PlanTask {
  /** `delete` runs a plan of any kind: jobs are stored with this word. */
  readonly work: 'delete' | 'check' | 'undo'
  readonly retry?: Retry | undefined
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
    await notePlanJob(id)
    const alone = { ...context, signal: AbortSignal.any([context.signal, lease.signal]) }
    const toDo = work === 'undo' ? undo : RUNS[plan.work]
    await attend(plan, rest, alone, async () => {
      const by = await rights()
      try {
        await whileHeld(usernameOf(by), () => toDo({ plan, actor: by, rights, context: alone, rest, retry }))
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

/** A plan waiting for its turn can be paused and cancelled like a running one. */
async function later({ id, wanted, state }: Plan, rest: Rest, { signal, report }: JobContext) {
  if (isInterrupted(signal)) throw signal.reason
  const stop = signal.aborted ? 'cancel' : wanted
  if (stop === 'run') return 'later'
  const { undoable, waiting } = await readCounts(id)
  report({ done: 0, total: (state === 'undoing' ? undoable : waiting).images, counts: {} })
  await stopPlan(id, rest, stop === 'cancel')
  return 'ended'
}

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

/** Whether a crash has left a change here that is still being compared with the registry. */
async function hasUnsettled({ registry, repository, startedAt }: Plan): Promise<boolean> {
  if (!startedAt) return false
  const own = await changeJournal().entries({ place: { registry, repository }, since: startedAt })
  for (const entry of own) if (await isUnsettled(entry)) return true
  return false
}
