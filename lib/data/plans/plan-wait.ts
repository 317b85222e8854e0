import { z } from 'zod'
import type { HeldUp, Job } from '../../jobs/job.ts'
import { theStore } from '../../store/the-store.ts'
import { unfinishedJobs } from '../jobs/job-queue.ts'
import type { Plan } from './plan.ts'

/**
 * What a plan waits for: its user's other jobs, its turn in the repository, where plans run one after another, or a
 * registry that limits requests.
 */
export type PlanWait = { readonly on: 'jobs' } | { readonly on: 'repository' } | ({ readonly on: 'registry' } & HeldUp)

/** @throws StoreError */
export async function planWait(plan: Pick<Plan, 'id' | 'policy'>): Promise<PlanWait | undefined> {
  const run = plan.policy === undefined ? undefined : await retentionRunOf(plan.id)
  const job = (await unfinishedJobs()).find((one) => isAbout(one, plan.id, run))
  if (!job) return undefined
  if (job.state === 'queued') return { on: job.notBefore === undefined ? 'jobs' : 'repository' }
  const { held } = job.progress
  return held && Date.parse(held.until) > Date.now() ? { on: 'registry', ...held } : undefined
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
