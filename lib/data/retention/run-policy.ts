import 'server-only'
import { z } from 'zod'
import { type Actor, usernameOf } from '../../access/actor.ts'
import { authorize } from '../../access/authorize.ts'
import { isInterrupted } from '../../jobs/interrupted.ts'
import type { Problem } from '../../problem/problem.ts'
import { isCutShort } from '../../store/cut-short.ts'
import { auditedStep } from '../audit/audited-step.ts'
import { jobKind } from '../jobs/job-kind.ts'
import { actorBehind, ownerOf, RETENTION } from '../jobs/job-owner.ts'
import { findPolicy, readPolicy } from './policies.ts'
import { PolicyRun } from './policy-run.ts'
import { runProblem } from './run-problem.ts'
import { addRun, readRuns, setRun } from './runs.ts'

/** Runs a policy by hand. @returns the run's id @throws AccessError, JobError, RegistryError `not-found`, `conflict` */
export async function runPolicy(actor: Actor, policy: string): Promise<string> {
  authorize(actor, 'manage', {})
  await readPolicy(actor, policy)
  return startRun(policy, ownerOf(actor), usernameOf(actor) ?? 'anonymous')
}

/** @param rights as `ownerOf` stores them @param by absent for the schedule */
export async function startRun(policy: string, rights: string, by?: string): Promise<string> {
  const run = await addRun(policy, by)
  try {
    await retentionJob.enqueue({ policy, run, rights }, RETENTION)
  } catch (error) {
    await setRun(run, { state: 'failed', problem: runProblem(error, 'server-log') })
    throw error
  }
  return run
}

export const retentionJob = jobKind(
  'retention',
  z.strictObject({
    policy: z.uuid(),
    run: z.uuid(),
    /** Whose rights; looked up again when it runs. */
    rights: z.string(),
  }),
  async (input, _job, context) => {
    const [run] = await readRuns({ id: input.run }, 1)
    const policy = await findPolicy(input.policy)
    // Its policy was removed, or the run had ended when the process did.
    if (!run || !policy || run.state !== 'running') return
    try {
      const rights = async () => {
        const actor = await actorBehind(input.rights)
        authorize(actor, 'manage', {})
        return actor
      }
      const actor = await rights()
      const detail = { policy: policy.name, run: input.run }
      const end = await auditedStep(
        actor,
        { action: 'run-retention', detail },
        () => new PolicyRun(actor, policy, input.run, context, rights).work(run.plans.map((plan) => plan.id)),
        // What it did delete is in rows of its own.
        ({ state, problem }) => (state === 'stopped' || state === 'failed' ? problem : undefined),
      )
      await setRun(input.run, end)
    } catch (error) {
      // Another run goes on with it, in whatever process.
      if (isInterrupted(context.signal) || isCutShort(error)) throw error
      await setRun(input.run, {
        state: 'failed',
        problem: context.signal.aborted ? CANCELLED : runProblem(error, 'server-log'),
      })
    }
  },
  ({ policy }) => `retention ${policy}`,
)

const CANCELLED: Problem = {
  code: 'retention.cancelled',
  title: 'Cancelled',
  detail: 'The run was cancelled. What it had already deleted is in the trash.',
}
