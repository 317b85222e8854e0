import type { JobView } from '@/lib/data/jobs/jobs'

export interface JobGroups {
  readonly running: readonly JobView[]
  /** Those that failed, or stopped before their end. */
  readonly stopped: readonly JobView[]
  /** What became of those: `failed` where each of them did. */
  readonly ending: 'failed' | 'failed or stopped'
}

/** What home says of jobs, each in one of the two groups. */
export function groupJobs(jobs: readonly JobView[]): JobGroups {
  const isRunning = ({ state }: JobView) => state === 'running' || state === 'queued'
  const stopped = jobs.filter((job) => !isRunning(job))
  const isEachFailed = stopped.every(({ state }) => state === 'failed')
  return { running: jobs.filter(isRunning), stopped, ending: isEachFailed ? 'failed' : 'failed or stopped' }
}
