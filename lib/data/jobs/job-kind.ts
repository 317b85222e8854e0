import { z } from 'zod'
import { withSource } from '../../audit/audit-source.ts'
import type { Job } from '../../jobs/job.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { ownerName, whileHeld } from './job-owner.ts'
import { jobLeases, jobQueue, jobWorks, unfinishedJobs } from './job-queue.ts'
import { reportingWaits } from './report-waits.ts'

export interface JobKind<Input> {
  /** @throws JobError when too many wait */
  enqueue(input: Input, owner: string): Promise<Job>
  /** What was asked for. */
  inputOf(job: Job): Input
  /** The inputs of those that have not ended. */
  unfinished(): Promise<Input[]>
  /** The inputs of all that are known. */
  all(): Promise<Input[]>
  /** The newest job whose input matches, whatever its state. */
  newest(matches: (input: Input) => boolean): Promise<Job | undefined>
}

/**
 * A kind of job: its schema is the only declaration of its input, which may be older than the program that reads it.
 * @param leaseOf jobs with the same never run at once, in whatever process
 */
export function jobKind<Input>(
  name: string,
  schema: z.ZodType<Input>,
  work: (input: Input, job: Job, context: JobContext) => Promise<void>,
  leaseOf?: (input: Input) => string,
): JobKind<Input> {
  const ofKind = (jobs: readonly Job[]) => jobs.filter((job) => job.kind === name)
  jobWorks()[name] = (job, context) =>
    withSource({ job: job.id }, () =>
      whileHeld(ownerName(job.owner), () =>
        reportingWaits(job, context, (reporting) => work(schema.parse(job.input), job, reporting)),
      ),
    )
  if (leaseOf) jobLeases()[name] = (input) => leaseOf(schema.parse(input))
  return {
    enqueue: (input, owner) => jobQueue().enqueue(name, z.json().parse(input), owner),
    inputOf: (job) => schema.parse(job.input),
    unfinished: async () => ofKind(await unfinishedJobs()).map((job) => schema.parse(job.input)),
    all: async () => ofKind(await jobQueue().list()).map((job) => schema.parse(job.input)),
    newest: async (matches) => ofKind(await jobQueue().list()).find((job) => matches(schema.parse(job.input))),
  }
}
