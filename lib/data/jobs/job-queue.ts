import { join } from 'node:path'
import { config } from '../../config/config.ts'
import { processWide } from '../../config/process-wide.ts'
import type { Jobs, JobWork } from '../../jobs/jobs.ts'
import { openJobs } from '../../jobs/open-jobs.ts'
import { problemOf } from '../../problem/problem-of.ts'
import { backgroundLock } from '../../store/background-lock.ts'
import { personBehind } from './job-owner.ts'

/** Under `DATA_DIR/jobs`, one per process. */
export function jobQueue(): Jobs {
  return processWide('jobs', () =>
    openJobs({
      folder: join(/*turbopackIgnore: true*/ config().dataDir, 'jobs'),
      kinds: jobWorks(),
      // An interrupted change must be settled, no matter who made it.
      neverRefused: ['settle'],
      describe: problemOf,
      personOf: personBehind,
      // One of them may be a sync, which takes as long as the registry is large.
      limits: { running: 3 },
      isWorker: () => backgroundLock().held,
    }),
  )
}

/** By kind: each kind adds itself when its module is loaded, so that work may ask for jobs of other kinds. */
export function jobWorks(): Record<string, JobWork> {
  return processWide('job-works', () => ({}))
}
