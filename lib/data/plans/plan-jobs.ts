import 'server-only'
import type { Actor } from '../../access/actor.ts'
import { allows } from '../../access/authorize.ts'
import { currentSource } from '../../audit/audit-source.ts'
import { theStore } from '../../store/the-store.ts'
import { maySeeJob } from '../jobs/job-owner.ts'

/** The job at work here changes things for a plan: the audit log names the job. @throws StoreError */
export async function notePlanJob(plan: string): Promise<void> {
  const { job } = currentSource()
  if (job === undefined) return
  const { write } = await theStore()
  await write
    .insertInto('plan_job')
    .values({ plan_id: plan, job_id: job })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The jobs that have changed something for a plan. @throws StoreError */
export async function jobsOfPlan(plan: string): Promise<readonly string[]> {
  const { read } = await theStore()
  const rows = await read
    .selectFrom('plan_job')
    .select('job_id')
    .where('plan_id', '=', plan)
    .orderBy('job_id')
    .execute()
  return rows.map(({ job_id: job }) => job)
}

interface Row {
  readonly job?: string
  readonly registry?: string
  readonly repository?: string
}

/** For rows of the audit log, the plan that each is of, if the actor may see it. @throws StoreError */
export async function plansOfRows(actor: Actor, rows: readonly Row[]): Promise<(row: Row) => string | undefined> {
  const jobs = [...new Set(rows.flatMap(({ job }) => job ?? []))]
  if (jobs.length === 0) return () => undefined
  const { read } = await theStore()
  const found = await read
    .selectFrom('plan_job')
    .innerJoin('plan', 'plan.id', 'plan_job.plan_id')
    .select(['plan.id', 'plan.owner', 'plan.registry', 'plan.repository', 'plan_job.job_id as job'])
    .where('plan_job.job_id', 'in', jobs)
    .orderBy('plan.created_at')
    .execute()
  const visible = found.filter((plan) => maySeeJob(actor, plan.owner) && allows(actor, 'browse', plan))
  const plans = new Map(visible.map((plan) => [keyOf(plan), plan.id]))
  return (row) => plans.get(keyOf(row))
}

/** A job of a policy's run works on a plan in each repository. */
function keyOf({ job, registry, repository }: Row): string {
  return JSON.stringify([job, registry, repository])
}
