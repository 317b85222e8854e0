import 'server-only'
import type { z } from 'zod'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { authorize, authorizeRecords, holdsRight, maySeeSetup, registryDecides } from '../../access/authorize.ts'
import type { Verb } from '../../access/rights.ts'
import type { Scope } from '../../access/scope.ts'
import type { Job, JobFailure, JobItem, JobProgress, JobState } from '../../jobs/job.ts'
import { isSamePlace, type Place } from '../../oci/place.ts'
import type { RepositoryName } from '../../oci/reference.ts'
import type { Problem } from '../../problem/problem.ts'
import { RegistryError } from '../../registry/errors.ts'
import { StoreError } from '../../store/store-error.ts'
import { auditScopeOf } from '../audit/audit-scope.ts'
import { recordingRefusal } from '../changes/audited-change.ts'
import { settleJob } from '../changes/settle.ts'
import { planJob } from '../plans/plan-job.ts'
import { assertUnprotected } from '../protection/protection-of.ts'
import { openRepository } from '../registries/open.ts'
import { visibleRegistry } from '../registries/registries.ts'
import { policyNames } from '../retention/policies.ts'
import { retentionJob } from '../retention/run-policy.ts'
import { type RetentionRun, type RunState, readRunEnds } from '../retention/runs.ts'
import { type SyncInput, syncJob } from '../sync/sync-job.ts'
import { type checkInput, checkJob } from './check-image.ts'
import { type CopyInput, copyJob, copyTarget, copyVerb } from './copy-job.ts'
import { type CopyTagsInput, copyTagsJob, copyTagsVerb } from './copy-tags-job.ts'
import { maySeeJob, ownerName, ownerOf } from './job-owner.ts'
import { jobQueue, unfinishedJobs } from './job-queue.ts'

/** One side of a job, as a link needs it. */
export interface JobPlace {
  readonly registry: string
  /** Absent: the whole registry. */
  readonly repository?: RepositoryName
  /** Absent: the whole repository. */
  readonly selector?: string
}

/** A job as a page shows it. */
export interface JobView {
  readonly id: string
  readonly kind: 'copy' | 'copy-tags' | 'check' | 'settle' | 'sync' | 'plan' | 'retention'
  /** Absent for `retention`, which is about many. */
  readonly source?: JobPlace
  readonly destination?: JobPlace
  /** Of `retention`: the policy. Without a name once it was deleted. */
  readonly policy?: { readonly id: string; readonly name?: string }
  /** Of `retention`: how its run has ended, which may have stopped although its job is done. */
  readonly runState?: RunState
  /** Of `plan`: which one, and what is done with it. */
  readonly plan?: { readonly id: string; readonly work: 'delete' | 'check' | 'undo' }
  readonly state: JobState
  /** Whether the audit log has rows of it that its reader may read. */
  readonly isAudited: boolean
  /** Whether its reader could run it again, once it has ended. */
  readonly mayRepeat: boolean
  readonly created: string
  readonly ended?: string
  readonly progress: JobProgress
  readonly items: readonly JobItem[]
  readonly problem?: Problem
  /** Absent for anonymous people. */
  readonly owner?: string
}

/** Copies an image. Rights are checked now and again when the job starts. @throws AccessError, JobError */
export async function startCopy(actor: Actor, input: CopyInput): Promise<JobView> {
  openRepository(actor, 'browse', input.source)
  await recordingRefusal(actor, copyVerb(input), copyTarget(input), async () => {
    openRepository(actor, copyVerb(input), input.destination)
    await assertUnprotected(actor, copyVerb(input), copyTarget(input))
  })
  return viewOf(actor, await copyJob.enqueue(input, ownerOf(actor)))
}

/** Copies several tags, or a whole repository. Rights are checked now and again when the job starts. @throws AccessError, RegistryError, JobError */
export async function startCopyTags(actor: Actor, input: CopyTagsInput): Promise<JobView> {
  const { source, destination } = input
  openRepository(actor, 'browse', source)
  const verb = copyTagsVerb(input)
  const detail = { from: `${source.registry}/${source.repository}` }
  await recordingRefusal(actor, verb, { ...destination, audit: { action: 'copy-image', detail } }, async () =>
    openRepository(actor, verb, destination),
  )
  if (isSamePlace(source, destination))
    throw new RegistryError('unsupported', 'these tags are already in this repository')
  return viewOf(actor, await copyTagsJob.enqueue(input, ownerOf(actor)))
}

/** Hashes every byte of an image. @throws AccessError, JobError */
export async function startCheck(actor: Actor, input: z.output<typeof checkInput>): Promise<JobView> {
  assertMayStartJobs(actor, input)
  openRepository(actor, 'browse', input)
  return viewOf(actor, await checkJob.enqueue(input, ownerOf(actor)))
}

/** Reads a registry, or one repository, into the catalog. @throws AccessError, RegistryError `not-found`, JobError */
export async function startSync(actor: Actor, input: SyncInput): Promise<JobView> {
  const { registry, repository } = input
  // A sync reads with Lading's own credentials.
  authorizeRecords(actor, { registry })
  if (repository) openRepository(actor, 'browse', { registry, repository })
  else visibleRegistry(actor, registry)
  assertMayStartJobs(actor, { registry, ...(repository && { repository }) })
  return viewOf(actor, await syncJob.enqueue(input, ownerOf(actor)))
}

/** Whether to offer a sync of a registry. */
export function maySync(actor: Actor, registry: string): boolean {
  if (registryDecides(actor, registry)) return false
  return actor.kind === 'user' || holdsRight(actor, 'create-tag', { registry })
}

/** Anonymous visitors start no long work: without a name they can't take turns fairly. */
function assertMayStartJobs(actor: Actor, scope: Scope): void {
  if (actor.kind === 'anonymous' && !holdsRight(actor, 'create-tag', scope))
    throw new AccessError('sign-in', 'browse', scope)
}

/** Newest first. Users see their own jobs; admins see all. */
export async function listJobs(actor: Actor): Promise<JobView[]> {
  const jobs = (await jobQueue().list()).filter((job) => maySeeJob(actor, job.owner))
  const retention = await knownRetention(jobs)
  return jobs.map((job) => viewOf(actor, job, retention))
}

/** How many are unfinished; none while the database can't be used, which pages report elsewhere. */
export async function countUnfinished(actor: Actor): Promise<number> {
  try {
    return (await unfinishedJobs()).filter((job) => maySeeJob(actor, job.owner)).length
  } catch (error) {
    if (error instanceof StoreError) return 0
    throw error
  }
}

/** @throws RegistryError `not-found`, also for a job that is somebody else's */
export async function cancelJob(actor: Actor, id: string): Promise<JobView> {
  await visibleJob(actor, id)
  return namedView(actor, (await jobQueue().cancel(id)) ?? (await visibleJob(actor, id)))
}

/** Runs the same job again, with the rights of the user who retries it. */
export async function retryJob(actor: Actor, id: string): Promise<JobView> {
  const job = await visibleJob(actor, id)
  switch (kindOf(job)) {
    case 'copy':
      return startCopy(actor, copyJob.inputOf(job))
    case 'copy-tags':
      return startCopyTags(actor, copyTagsJob.inputOf(job))
    case 'check':
      return startCheck(actor, checkJob.inputOf(job))
    case 'sync':
      return startSync(actor, syncJob.inputOf(job))
    case 'settle': {
      const input = settleJob.inputOf(job)
      authorize(actor, 'restore', input)
      return viewOf(actor, await settleJob.enqueue(input, job.owner))
    }
    case 'retention':
      throw new RegistryError('unsupported', 'run a policy again from its own page')
    case 'plan':
      throw new RegistryError('unsupported', 'continue a plan from its own page')
  }
}

/** The job now and after each change. @throws RegistryError `not-found` */
export async function followJob(
  actor: Actor,
  id: string,
): Promise<(signal: AbortSignal) => AsyncGenerator<JobView, void>> {
  await visibleJob(actor, id)
  return (signal) => views(actor, id, signal)
}

async function* views(actor: Actor, id: string, signal: AbortSignal): AsyncGenerator<JobView, void> {
  for await (const job of jobQueue().follow(id, signal)) yield await namedView(actor, job)
}

async function visibleJob(actor: Actor, id: string): Promise<Job> {
  const job = await jobQueue().get(id)
  if (job && maySeeJob(actor, job.owner)) return job
  throw new RegistryError('not-found', 'there is no such job')
}

async function namedView(actor: Actor, job: Job): Promise<JobView> {
  return viewOf(actor, job, await knownRetention([job]))
}

/** What jobs of `retention` are shown with. */
interface KnownRetention {
  readonly names: ReadonlyMap<string, string>
  readonly ends: ReadonlyMap<string, Pick<RetentionRun, 'state' | 'problem'>>
}

const NO_RETENTION: KnownRetention = { names: new Map(), ends: new Map() }

async function knownRetention(jobs: readonly Job[]): Promise<KnownRetention> {
  const runs = jobs.flatMap((job) => (kindOf(job) === 'retention' ? retentionJob.inputOf(job).run : []))
  if (runs.length === 0) return NO_RETENTION
  const [names, ends] = await Promise.all([policyNames(), readRunEnds(runs)])
  return { names, ends }
}

function viewOf(actor: Actor, job: Job, retention: KnownRetention = NO_RETENTION): JobView {
  const { id, state, created, ended, progress, items, failure, owner } = job
  const name = ownerName(owner)
  const run = kindOf(job) === 'retention' ? retention.ends.get(retentionJob.inputOf(job).run) : undefined
  const problem = failure ? problemFor(actor, failure) : run?.problem
  return {
    id,
    ...placesOf(job, retention.names),
    ...(run && { runState: run.state }),
    state,
    isAudited: isAudited(job) && auditScopeOf(actor) !== undefined,
    mayRepeat: mayRepeat(actor, job),
    created,
    ...(ended && { ended }),
    progress,
    items,
    ...(problem && { problem }),
    ...(name && { owner: name }),
  }
}

/** What writes to a registry once it has begun. */
function isAudited(job: Job): boolean {
  if (job.state === 'queued') return false
  const kind = kindOf(job)
  return kind === 'plan' ? planJob.inputOf(job).work !== 'check' : kind !== 'check' && kind !== 'sync'
}

/** Plans and retention runs continue on their own pages, and a finished recovery has nothing left to recover. */
function mayRepeat(actor: Actor, job: Job): boolean {
  const opens = (verb: Verb, place: Place) => mayOpen(actor, verb, place)
  switch (kindOf(job)) {
    case 'copy': {
      const input = copyJob.inputOf(job)
      return opens('browse', input.source) && opens(copyVerb(input), input.destination)
    }
    case 'copy-tags': {
      const input = copyTagsJob.inputOf(job)
      return opens('browse', input.source) && opens(copyTagsVerb(input), input.destination)
    }
    case 'check':
      return opens('browse', checkJob.inputOf(job))
    case 'sync':
      return maySync(actor, syncJob.inputOf(job).registry)
    case 'settle':
      return job.state !== 'done' && opens('restore', settleJob.inputOf(job))
    case 'plan':
    case 'retention':
      return false
  }
}

/** Its rights may have been withdrawn since, or its registry removed. */
function mayOpen(actor: Actor, verb: Verb, place: Place): boolean {
  try {
    openRepository(actor, verb, place)
    return true
  } catch (error) {
    if (error instanceof AccessError || error instanceof RegistryError) return false
    throw error
  }
}

/** Everyone else reads what names neither addresses nor settings of the server. */
function problemFor(actor: Actor, { forAdmins, ...forEveryone }: JobFailure): Problem {
  return forAdmins && maySeeSetup(actor) ? forAdmins : forEveryone
}

function placesOf(
  job: Job,
  policies: ReadonlyMap<string, string>,
): Pick<JobView, 'kind' | 'source' | 'destination' | 'plan' | 'policy'> {
  const kind = kindOf(job)
  if (kind === 'retention') {
    const { policy: id } = retentionJob.inputOf(job)
    const name = policies.get(id)
    return { kind, policy: { id, ...(name !== undefined && { name }) } }
  }
  if (kind === 'plan') {
    const { plan: id, work, registry, repository } = planJob.inputOf(job)
    return { kind, source: { registry, repository }, plan: { id, work } }
  }
  if (kind === 'copy-tags') {
    const { source, destination } = copyTagsJob.inputOf(job)
    return { kind, source, destination }
  }
  if (kind === 'check') return { kind, source: placeOf(checkJob.inputOf(job)) }
  if (kind === 'sync') return { kind, source: syncPlace(syncJob.inputOf(job)) }
  if (kind === 'settle') return { kind, source: placeOf(settleJob.inputOf(job)) }
  const { source, destination } = copyJob.inputOf(job)
  return { kind, source: placeOf(source), destination: placeOf({ ...destination, selector: destination.tag }) }
}

function kindOf({ kind }: Job): JobView['kind'] {
  const known = ['copy', 'copy-tags', 'settle', 'sync', 'plan', 'retention'] as const
  return known.find((one) => one === kind) ?? 'check'
}

function syncPlace({ registry, repository }: SyncInput): JobPlace {
  return { registry, ...(repository && { repository }) }
}

function placeOf({ registry, repository, selector }: Required<JobPlace>): Required<JobPlace> {
  return { registry, repository, selector }
}
