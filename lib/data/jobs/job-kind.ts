import { z } from 'zod'
import { withSource } from '../../audit/audit-source.ts'
import { isFinal, type Job } from '../../jobs/job.ts'
import type { JobContext } from '../../jobs/jobs.ts'
import { jobQueue, jobWorks } from './job-queue.ts'

export interface JobKind<Input> {
  /** @throws JobError when too many wait */
  enqueue(input: Input, owner: string): Promise<Job>
  /** What was asked for. */
  inputOf(job: Job): Input
  /** The inputs of those that have not ended. */
  unfinished(): Promise<Input[]>
}

/** A kind of job: its schema is the only declaration of its input, which may be older than the program that reads it. */
export function jobKind<Input>(
  name: string,
  schema: z.ZodType<Input>,
  work: (input: Input, job: Job, context: JobContext) => Promise<void>,
): JobKind<Input> {
  jobWorks()[name] = (job, context) => withSource({ job: job.id }, () => work(schema.parse(job.input), job, context))
  return {
    enqueue: (input, owner) => jobQueue().enqueue(name, z.json().parse(input), owner),
    inputOf: (job) => schema.parse(job.input),
    unfinished: async () =>
      (await jobQueue().list())
        .filter((job) => job.kind === name && !isFinal(job))
        .map((job) => schema.parse(job.input)),
  }
}
