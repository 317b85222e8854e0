import 'server-only'
import type { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { authorize, holdsRight } from '../../access/authorize.ts'
import type { Scope } from '../../access/scope.ts'
import { isFinal, type Job, type JobItem, type JobProgress, type JobState } from '../../jobs/job.ts'
import type { Problem } from '../../problem/problem.ts'
import { RegistryError } from '../../registry/errors.ts'
import { backgroundLock } from '../../store/background-lock.ts'
import { recordingRefusal } from '../changes/audited-change.ts'
import { settleJob } from '../changes/settle.ts'
import { planJob } from '../plans/plan-job.ts'
import { assertUnprotected } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { visibleRegistry } from '../registries/registries.ts'
import { type SyncInput, syncJob } from '../sync/sync-job.ts'
import { type checkInput, checkJob } from './check-image.ts'
import { type CopyInput, copyJob, copyTarget, copyVerb } from './copy-job.ts'
import { maySeeJob, ownerName, ownerOf } from './job-owner.ts'
import { jobQueue } from './job-queue.ts'

/** One side of a job, as a link needs it. */
export interface JobPlace {
  readonly registry: string
  /** Absent: the whole registry. */
  readonly repository?: string
  /** Absent: the whole repository. */
  readonly selector?: string
}

/** A job as a page shows it. */
export interface JobView {
  readonly id: string
  readonly kind: 'copy' | 'check' | 'settle' | 'sync' | 'plan'
  readonly source: JobPlace
  readonly destination?: Required<JobPlace>
  /** Of `plan`: which one, and what is done with it. */
  readonly plan?: { readonly id: string; readonly work: 'delete' | 'check' | 'undo' }
  readonly state: JobState
  readonly created: string
  readonly ended?: string
  readonly progress: JobProgress
  readonly items: readonly JobItem[]
  readonly problem?: Problem
  /** Absent for anonymous people. */
  readonly owner?: string
}

/** Continues the jobs that a restart interrupted: run once this process does the background work. */
export function resumeJobs(): Promise<void> {
  return jobQueue().resume()
}

/** Whether another process on the same data folder runs the jobs, so that none can be started here. */
export function jobsRunElsewhere(): boolean {
  return !backgroundLock().held
}

/** Copies an image. Rights are checked now and again when the job starts. @throws AccessError, JobError */
export async function startCopy(actor: Actor, input: CopyInput): Promise<JobView> {
  openRepository(actor, 'browse', input.source)
  await recordingRefusal(actor, copyVerb(input), copyTarget(input), async () => {
    openRepository(actor, copyVerb(input), input.destination)
    await assertUnprotected(actor, copyVerb(input), copyTarget(input))
  })
  return viewOf(await copyJob.enqueue(input, ownerOf(actor)))
}

/** Hashes every byte of an image. @throws AccessError, JobError */
export async function startCheck(actor: Actor, input: z.output<typeof checkInput>): Promise<JobView> {
  assertMayStartJobs(actor, input)
  openRepository(actor, 'browse', input)
  return viewOf(await checkJob.enqueue(input, ownerOf(actor)))
}

/** Reads a registry, or one repository, into the catalog. @throws AccessError, RegistryError `not-found`, JobError */
export async function startSync(actor: Actor, input: SyncInput): Promise<JobView> {
  const { registry, repository } = input
  if (repository) openRepository(actor, 'browse', { registry, repository })
  else visibleRegistry(actor, registry)
  assertMayStartJobs(actor, { registry, ...(repository && { repository }) })
  return viewOf(await syncJob.enqueue(input, ownerOf(actor)))
}

/** Whether to offer long work in a registry. */
export function mayStartJobs(actor: Actor, registry: string): boolean {
  return actor.kind === 'user' || holdsRight(actor, 'create-tag', { registry })
}

/** Anonymous visitors start no long work: without a name they can't take turns fairly. */
function assertMayStartJobs(actor: Actor, scope: Scope): void {
  if (actor.kind === 'anonymous' && !holdsRight(actor, 'create-tag', scope))
    throw new AccessError('sign-in', 'browse', scope)
}

/** Newest first. Users see their own jobs; admins see all. */
export async function listJobs(actor: Actor): Promise<JobView[]> {
  return (await jobQueue().list()).filter((job) => maySeeJob(actor, job.owner)).map(viewOf)
}

/** How many are not finished yet. */
export async function countUnfinished(actor: Actor): Promise<number> {
  return (await jobQueue().list()).filter((job) => !isFinal(job) && maySeeJob(actor, job.owner)).length
}

/** @throws RegistryError `not-found`, also for a job that is somebody else's */
export async function cancelJob(actor: Actor, id: string): Promise<JobView> {
  await visibleJob(actor, id)
  return viewOf((await jobQueue().cancel(id)) ?? (await visibleJob(actor, id)))
}

/** Runs the same job again, with the rights of the user who retries it. */
export async function retryJob(actor: Actor, id: string): Promise<JobView> {
  const job = await visibleJob(actor, id)
  switch (kindOf(job)) {
    case 'copy':
      return startCopy(actor, copyJob.inputOf(job))
    case 'check':
      return startCheck(actor, checkJob.inputOf(job))
    case 'sync':
      return startSync(actor, syncJob.inputOf(job))
    case 'settle': {
      const input = settleJob.inputOf(job)
      authorize(actor, 'restore', input)
      return viewOf(await settleJob.enqueue(input, job.owner))
    }
    case 'plan':
      throw new RegistryError('unsupported', 'a plan is continued on its own page')
  }
}

/** The job now and after each change. @throws RegistryError `not-found` */
export async function followJob(actor: Actor, id: string, signal: AbortSignal): Promise<AsyncGenerator<JobView, void>> {
  await visibleJob(actor, id)
  return views(id, signal)
}

async function* views(id: string, signal: AbortSignal): AsyncGenerator<JobView, void> {
  for await (const job of jobQueue().follow(id, signal)) yield viewOf(job)
}

async function visibleJob(actor: Actor, id: string): Promise<Job> {
  const job = await jobQueue().get(id)
  if (job && maySeeJob(actor, job.owner)) return job
  throw new RegistryError('not-found', 'there is no such job')
}

function viewOf(job: Job): JobView {
  const { id, state, created, ended, progress, items, failure, owner } = job
  const name = ownerName(owner)
  return {
    id,
    ...placesOf(job),
    state,
    created,
    ...(ended && { ended }),
    progress,
    items,
    ...(failure && { problem: failure }),
    ...(name && { owner: name }),
  }
}

function placesOf(job: Job): Pick<JobView, 'kind' | 'source' | 'destination' | 'plan'> {
  const kind = kindOf(job)
  if (kind === 'plan') {
    const { plan: id, work, registry, repository } = planJob.inputOf(job)
    return { kind, source: { registry, repository }, plan: { id, work } }
  }
  if (kind === 'check') return { kind, source: placeOf(checkJob.inputOf(job)) }
  if (kind === 'sync') return { kind, source: syncPlace(syncJob.inputOf(job)) }
  if (kind === 'settle') return { kind, source: placeOf(settleJob.inputOf(job)) }
  const { source, destination } = copyJob.inputOf(job)
  return { kind, source: placeOf(source), destination: placeOf({ ...destination, selector: destination.tag }) }
}

function kindOf({ kind }: Job): JobView['kind'] {
  return kind === 'copy' || kind === 'settle' || kind === 'sync' || kind === 'plan' ? kind : 'check'
}

function syncPlace({ registry, repository }: SyncInput): JobPlace {
  return { registry, ...(repository && { repository }) }
}

function placeOf({ registry, repository, selector }: Required<JobPlace>): Required<JobPlace> {
  return { registry, repository, selector }
}
