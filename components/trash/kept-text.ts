const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long something stays in the trash. Not a promise: garbage collection may come first. @param until RFC 3339 */
export function keptText(until: string, now: number): string {
  const left = Date.parse(until) - now
  if (left < MINUTE) return 'Past its time in the trash: it will be removed soon.'
  return `Kept for another ${lengthOf(left)}, unless garbage collection removes its layers first.`
}

/** In the unit in which it's at least two, where there is one. */
function lengthOf(left: number): string {
  if (left >= 1.5 * DAY) return `${Math.round(left / DAY)} days`
  if (left >= 1.5 * HOUR) return `${Math.round(left / HOUR)} hours`
  return left < 1.5 * MINUTE ? 'minute' : `${Math.round(left / MINUTE)} minutes`
}
