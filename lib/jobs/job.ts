import type { z } from 'zod'

/** `cancelled`, `done` and `failed` are final. */
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

export interface JobProgress {
  /** In units of the kind: bytes or contents. */
  readonly done: number
  /** 0 while unknown. */
  readonly total: number
  /** Named parts of it: `mounted`, `skipped`, `sent`. */
  readonly counts: Readonly<Record<string, number>>
  /** A registry that limits requests, and until when it holds the work up; in the past for one that no longer does. */
  readonly held?: HeldUp
}

export interface HeldUp {
  readonly registry: string
  /** RFC 3339. */
  readonly until: string
}

export interface JobItem {
  readonly name: string
  /** A word that the kind defines: `copied`, `missing`. */
  readonly outcome: string
  readonly detail?: string | undefined
}

export interface JobFailure {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly advice?: string | undefined
  readonly expected?: string | undefined
  readonly found?: string | undefined
  /** The same with addresses and settings of the server. */
  readonly forAdmins?: Omit<JobFailure, 'forAdmins'>
}

/** Long work. Times are RFC 3339. */
export interface Job {
  readonly id: string
  readonly kind: string
  /** Who asked for it, as the caller encodes it. */
  readonly owner: string
  /** The request; only its kind can read it. */
  readonly input: z.core.util.JSONType
  readonly state: JobState
  readonly created: string
  readonly started?: string
  readonly ended?: string
  /** When a postponed job continues. */
  readonly notBefore?: string
  /** How often it was started without finishing: more than once if its process ended. */
  readonly attempts: number
  readonly progress: JobProgress
  readonly items: readonly JobItem[]
  readonly failure?: JobFailure
}

export function isFinal({ state }: Pick<Job, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}
