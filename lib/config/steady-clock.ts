import { processWide } from './process-wide.ts'

/**
 * Milliseconds since the epoch that never run backwards within a process: no right, session or cached answer lives
 * longer because somebody set the clock back. Follows the system's clock when that is ahead, as after a suspend.
 */
export function steadyNow(): number {
  const clock = processWide('steady-clock', () => ({ ahead: Date.now() - performance.now() }))
  clock.ahead = Math.max(clock.ahead, Date.now() - performance.now())
  return performance.now() + clock.ahead
}
