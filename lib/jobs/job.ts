import { z } from 'zod'

/** `cancelled`, `done` and `failed` are final. */
export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

const progress = z.strictObject({
  /** What the work moves through: bytes or contents, as its kind says. */
  done: z.number().nonnegative(),
  /** 0 while it is not known. */
  total: z.number().nonnegative(),
  /** Named parts of it: `mounted`, `skipped`, `sent`. */
  counts: z.record(z.string(), z.number()),
})

const item = z.strictObject({
  name: z.string(),
  /** A word of the kind's own: `copied`, `missing`. */
  outcome: z.string(),
  detail: z.string().optional(),
})

const failure = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  advice: z.string().optional(),
  expected: z.string().optional(),
  found: z.string().optional(),
})

/** A piece of long work as it is kept on disk. Times are RFC 3339. */
export const jobSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  kind: z.string(),
  /** Whose it is, in the caller's own words. */
  owner: z.string(),
  /** What was asked for; only its kind can read it. */
  input: z.json(),
  state: z.enum(JOB_STATES),
  created: z.iso.datetime(),
  started: z.iso.datetime().optional(),
  ended: z.iso.datetime().optional(),
  /** When a job that was postponed is to go on. */
  notBefore: z.iso.datetime().optional(),
  /** How often it was begun without an end: more than once when the process ended under it. */
  attempts: z.int().nonnegative(),
  progress,
  items: z.array(item),
  failure: failure.optional(),
})

export type Job = Readonly<z.infer<typeof jobSchema>>
export type JobProgress = Readonly<z.infer<typeof progress>>
export type JobItem = Readonly<z.infer<typeof item>>
export type JobFailure = Readonly<z.infer<typeof failure>>

export function isFinal({ state }: Pick<Job, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
