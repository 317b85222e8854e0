import { cache } from 'react'
import { processWide } from '../../config/process-wide.ts'
import type { Job } from '../../jobs/job.ts'
import type { Jobs, JobWork } from '../../jobs/jobs.ts'
import { openJobs } from '../../jobs/open-jobs.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { theStore } from '../../store/the-store.ts'
import { accountBehind, personBehind } from './job-owner.ts'

/** The jobs of all processes on this database. */
export function jobQueue(): Jobs {
  return processWide('jobs', () =>
    openJobs({
      store: theStore,
      kinds: jobWorks(),
      leaseOf: (kind, input) => jobLeases()[kind]?.(input),
      // An interrupted change must be settled, no matter who made it.
      neverRefused: ['settle'],
      describe: (error, owner) => ({
        ...problemOf(error, accountBehind(owner)),
        forAdmins: problemOf(error, 'server-log'),
      }),
      personOf: personBehind,
      // One of them may be a sync, which takes as long as the registry is large.
      limits: { running: 3 },
    }),
  )
}

/** Those that have not ended, oldest first; once for a page. @throws StoreError */
export const unfinishedJobs = cache((): Promise<readonly Job[]> => jobQueue().unfinished())

/** By kind: each kind adds itself when its module is loaded, so that work may ask for jobs of other kinds. */
export function jobWorks(): Record<string, JobWork> {
  return processWide('job-works', () => ({}))
}

/** By kind: what keeps some of its jobs from running at once. */
export function jobLeases(): Record<string, (input: Job['input']) => string> {
  return processWide('job-leases', () => ({}))
}
