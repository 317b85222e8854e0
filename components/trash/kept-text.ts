const MINUTE = 60_000
const HOUR = 60
const DAY = 24 * HOUR

/** How long something stays in the trash. Not a promise: garbage collection may come first. @param until RFC 3339 */
export function keptText(until: string, now: number): string {
  const minutes = Math.round((Date.parse(until) - now) / MINUTE)
  if (minutes < 1) return 'Past its time in the trash: it will be removed soon.'
  return `Kept for another ${lengthOf(minutes)}, unless garbage collection removes its layers first.`
}

/** Whole days or hours, if it's at least two. */
function lengthOf(minutes: number): string {
  if (minutes >= 2 * DAY) return `${Math.floor(minutes / DAY)} days`
  if (minutes >= 2 * HOUR) return `${Math.floor(minutes / HOUR)} hours`
  return minutes === 1 ? 'minute' : `${minutes} minutes`
}
