import 'server-only'
import { join } from 'node:path'
import type { Actor } from '../../access/actor.ts'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import { isFinal, type Job, type JobItem, type JobProgress, type JobState } from '../../jobs/job.ts'
import { type Jobs, openJobs } from '../../jobs/jobs.ts'
import { type Problem, problemOf } from '../../problem/problem.ts'
import { RegistryError } from '../../registry/errors.ts'
import { openRepository } from '../registries/open.ts'
import { type CheckInput, checkInputSchema, checkWork } from './check-image.ts'
import { type CopyInput, copyInputSchema, copyWork, openCopy } from './copy-job.ts'
import { maySeeJob, ownerName, ownerOf } from './job-owner.ts'

/** One side of a job, as a link needs it. */
export interface JobPlace {
  readonly registry: string
  readonly repository: string
  readonly selector: string
}

/** A job as a page shows it. */
export interface JobView {
  readonly id: string
  readonly kind: 'copy' | 'check'
  readonly source: JobPlace
  readonly destination?: JobPlace
  readonly state: JobState
  readonly created: string
  readonly ended?: string
  readonly progress: JobProgress
  readonly items: readonly JobItem[]
  readonly problem?: Problem
  /** Absent for anonymous people. */
  readonly owner?: string
}

/** Under `DATA_DIR/jobs`, one per process. */
function jobs(): Jobs {
  return processWide('jobs', () =>
    openJobs({
      folder: join(/*turbopackIgnore: true*/ config().dataDir, 'jobs'),
      kinds: { copy: copyWork, check: checkWork },
      describe: problemOf,
    }),
  )
}

/** Goes on with what a restart broke off: run once when the server starts. */
export function resumeJobs(): Promise<void> {
  return jobs().resume()
}

/** Has an image copied. Its rights are looked at now and once more when it begins. @throws AccessError, JobError */
export async function startCopy(actor: Actor, input: CopyInput): Promise<JobView> {
  openCopy(actor, input)
  return viewOf(await jobs().enqueue('copy', input, ownerOf(actor)))
}

/** Has every byte of an image hashed. @throws AccessError, JobError */
export async function startCheck(actor: Actor, input: CheckInput): Promise<JobView> {
  openRepository(actor, 'browse', input)
  return viewOf(await jobs().enqueue('check', input, ownerOf(actor)))
}

/** Newest first: one's own, and everyone's for admins. */
export async function listJobs(actor: Actor): Promise<JobView[]> {
  return (await jobs().list()).filter((job) => maySeeJob(actor, job.owner)).map(viewOf)
}

/** How many are not finished yet. */
export async function countUnfinished(actor: Actor): Promise<number> {
  return (await jobs().list()).filter((job) => !isFinal(job) && maySeeJob(actor, job.owner)).length
}

/** @throws RegistryError `not-found`, also for a job that is somebody else's */
export async function cancelJob(actor: Actor, id: string): Promise<JobView> {
  await visibleJob(actor, id)
  return viewOf((await jobs().cancel(id)) ?? (await visibleJob(actor, id)))
}

/** Asks for the same once more, with the rights of who does so. */
export async function retryJob(actor: Actor, id: string): Promise<JobView> {
  const { kind, input } = await visibleJob(actor, id)
  return kind === 'copy'
    ? startCopy(actor, copyInputSchema.parse(input))
    : startCheck(actor, checkInputSchema.parse(input))
}

/** The job now and after each change. @throws RegistryError `not-found` */
export async function followJob(actor: Actor, id: string, signal: AbortSignal): Promise<AsyncGenerator<JobView, void>> {
  await visibleJob(actor, id)
  return views(id, signal)
}

async function* views(id: string, signal: AbortSignal): AsyncGenerator<JobView, void> {
  for await (const job of jobs().follow(id, signal)) yield viewOf(job)
}

async function visibleJob(actor: Actor, id: string): Promise<Job> {
  const job = await jobs().get(id)
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

function placesOf({ kind, input }: Job): Pick<JobView, 'kind' | 'source' | 'destination'> {
  if (kind !== 'copy') return { kind: 'check', source: placeOf(checkInputSchema.parse(input)) }
  const { source, destination } = copyInputSchema.parse(input)
  return {
    kind: 'copy',
    source: placeOf(source),
    destination: placeOf({ ...destination, selector: destination.tag }),
  }
}

function placeOf({ registry, repository, selector }: JobPlace): JobPlace {
  return { registry, repository, selector }
}
