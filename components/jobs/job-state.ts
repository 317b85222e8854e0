import { shownRunState } from '@/components/retention/shown-run-state'
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
const RUN_STATES = {
  running: STATES.done,
  done: STATES.done,
  partly: { text: 'Partly done', tone: 'warn' },
  stopped: STOPPED,
  failed: STATES.failed,
} as const

/** What a job's badge says: a plan or a retention run may have stopped although its job is done. */
export function jobState(job: JobView): {
  readonly text: string
  readonly tone: 'neutral' | 'accent' | 'good' | 'danger' | 'warn'
} {
  const { state, runState, problem, plan, progress } = job
  if (state !== 'done') return STATES[state]
  if (runState) return RUN_STATES[shownRunState({ state: runState, ...(problem && { problem }) })]
  return plan && progress.done < progress.total ? STOPPED : STATES.done
}

/** Whether it hasn’t counted yet what there is to do: nothing is “0 of 0”. */
export function isStarting({ kind, state, progress: { total } }: JobView): boolean {
  return state === 'running' && total === 0 && (kind === 'plan' || kind === 'copy' || kind === 'copy-tags')
}
