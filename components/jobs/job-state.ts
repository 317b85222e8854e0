import type { JobView } from '@/lib/data/jobs/jobs'

const STATES = {
  queued: { text: 'Waiting', tone: 'neutral' },
  running: { text: 'Running', tone: 'accent' },
  done: { text: 'Done', tone: 'good' },
  failed: { text: 'Failed', tone: 'danger' },
  cancelled: { text: 'Cancelled', tone: 'warn' },
} as const
/** A plan that was paused or cancelled on its own page, or gave up: it continues there, in another job. */
const STOPPED = { text: 'Stopped', tone: 'warn' } as const

const PARTLY = { text: 'Partly done', tone: 'warn' } as const

/** What a job's badge says: a plan or a retention run may have stopped although its job is done. */
export function jobState(job: JobView): {
  readonly text: string
  readonly tone: 'neutral' | 'accent' | 'good' | 'danger' | 'warn'
} {
  if (job.state !== 'done') return STATES[job.state]
  if (job.runState === 'failed') return STATES.failed
  if (job.runState === 'stopped' || (job.plan && wasStopped(job))) return STOPPED
  return job.runState === 'done' && job.problem ? PARTLY : STATES.done
}

function wasStopped({ progress: { done, total } }: JobView): boolean {
  return done < total
}
