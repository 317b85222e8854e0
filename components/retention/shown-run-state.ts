import type { RetentionRun, RunState } from '@/lib/data/retention/runs'

/** A run that is done may have left something: `partly`. */
export function shownRunState({ state, problem }: Pick<RetentionRun, 'state' | 'problem'>): RunState | 'partly' {
  return state === 'done' && problem ? 'partly' : state
}
