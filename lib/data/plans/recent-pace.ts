/** Fewer outcomes say nothing about the pace. */
const ENOUGH = 5
/** Milliseconds. A longer gap is a pause, or the time between a run and its undo. */
const PAUSE = 30_000

/**
 * Seconds per image, without what happened before a pause.
 * @param ended when images ended, newest first; these and `now` in milliseconds since the epoch
 */
export function recentPace(ended: readonly number[], now: number): number | undefined {
  let oldest = now
  let count = 0
  for (const at of ended) {
    if (oldest - at > PAUSE) break
    oldest = at
    count++
  }
  return count < ENOUGH ? undefined : (now - oldest) / 1000 / count
}
