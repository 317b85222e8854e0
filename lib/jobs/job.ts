import { z } from 'zod'

/** `cancelled`, `done` and `failed` are final. */
const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const
export type JobState = (typeof JOB_STATES)[number]

const progress = z.strictObject({
  /** In units of the kind: bytes or contents. */
  done: z.number().nonnegative(),
  /** 0 while unknown. */
  total: z.number().nonnegative(),
  /** Named parts of it: `mounted`, `skipped`, `sent`. */
  counts: z.record(z.string(), z.number()),
})

const item = z.strictObject({
  name: z.string(),
  /** A word that the kind defines: `copied`, `missing`. */
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

/** Long work as it is stored on disk. Times are RFC 3339. */
export const jobSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  kind: z.string(),
  /** Who asked for it, as the caller encodes it. */
  owner: z.string(),
  /** The request; only its kind can read it. */
  input: z.json(),
  state: z.enum(JOB_STATES),
  created: z.iso.datetime(),
  started: z.iso.datetime().optional(),
  ended: z.iso.datetime().optional(),
  /** When a postponed job continues. */
  notBefore: z.iso.datetime().optional(),
  /** How often it was started without finishing: more than once if its process ended. */
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
