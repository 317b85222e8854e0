import { z } from 'zod'
import type { Actor } from '../../access/actor.ts'
import type { HeldUp, Job } from '../../jobs/job.ts'
import { theStore } from '../../store/the-store.ts'
import { maySeeJob, personBehind } from '../jobs/job-owner.ts'
import { unfinishedJobs } from '../jobs/job-queue.ts'
import type { Plan } from './plan.ts'

/** A job that another one waits for, by what people call it. */
export interface JobAhead {
  readonly kind: string
  /** Absent where it is about many. */
  readonly registry?: string
  readonly repository?: string
  /** The plan that it works on. */
  readonly plan?: string
}

/**
 * What a plan waits for: other jobs, one of its user’s if `ahead` names it; its turn in the repository, where plans run
 * one after another; or a registry that limits requests.
 */
export type PlanWait =
  | { readonly on: 'jobs'; readonly ahead?: JobAhead }
  | { readonly on: 'repository'; readonly ahead?: JobAhead }
  | ({ readonly on: 'registry' } & HeldUp)

/** @throws StoreError */
export async function planWait(actor: Actor, plan: Pick<Plan, 'id' | 'policy'>): Promise<PlanWait | undefined> {
  const run = plan.policy === undefined ? undefined : await retentionRunOf(plan.id)
  const jobs = await unfinishedJobs()
  const job = jobs.find((one) => isAbout(one, plan.id, run))
  if (!job) return undefined
  if (job.state === 'queued') {
    const on = job.notBefore === undefined ? 'jobs' : 'repository'
    const ahead = (on === 'jobs' ? ownJobAhead : planAhead)(jobs, job)
    return { on, ...(ahead && maySeeJob(actor, ahead.owner) && { ahead: nameOf(ahead) }) }
  }
  const { held } = job.progress
  return held && Date.parse(held.until) > Date.now() ? { on: 'registry', ...held } : undefined
}

/** One person’s jobs run one after another, in the order in which they were asked for. */
function ownJobAhead(jobs: readonly Job[], job: Job): Job | undefined {
  const person = personBehind(job.owner)
  const own = jobs.filter((one) => one.id !== job.id && personBehind(one.owner) === person)
  const isFirst = jobs.indexOf(job)
  return (
    own.find(({ state }) => state === 'running') ??
    own.find((one) => one.notBefore === undefined && jobs.indexOf(one) < isFirst)
  )
}

/** The plan that runs in the same repository. */
function planAhead(jobs: readonly Job[], job: Job): Job | undefined {
  const place = nameOf(job)
  return jobs.find((one) => {
    const { registry, repository } = nameOf(one)
    const isThere = registry === place.registry && repository === place.repository
    return one.id !== job.id && one.kind === 'plan' && one.state === 'running' && isThere
  })
}

const placeInput = z.object({ registry: z.string(), repository: z.string().optional() })
/** Of any kind of job. */
const input = z.object({ ...placeInput.partial().shape, source: placeInput.optional(), plan: z.string().optional() })

function nameOf(job: Job): JobAhead {
  const { source, plan, ...own } = input.safeParse(job.input).data ?? {}
  return { kind: job.kind, ...(source ?? own), ...(plan !== undefined && { plan }) }
}

const planInput = z.object({ plan: z.string() })
const retentionInput = z.object({ run: z.string() })

/** The job of a plan, or of the retention run that works on it. */
function isAbout({ kind, input }: Job, plan: string, run: string | undefined): boolean {
  if (kind === 'plan') return planInput.safeParse(input).data?.plan === plan
  return kind === 'retention' && run !== undefined && retentionInput.safeParse(input).data?.run === run
}

async function retentionRunOf(id: string): Promise<string | undefined> {
  const { read } = await theStore()
  const row = await read.selectFrom('plan').select('retention_run').where('id', '=', id).executeTakeFirst()
  return row?.retention_run ?? undefined
}
