const STEPS: readonly [limit: number, divisor: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [86_400 * 30, 86_400, 'day'],
  [86_400 * 365, 86_400 * 30.44, 'month'],
  [Number.POSITIVE_INFINITY, 86_400 * 365.25, 'year'],
]

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** `3 months ago`, `yesterday`, `just now`; `now` in milliseconds. Text that isn't a date is returned unchanged. */
export function formatRelative(iso: string, now: number): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return iso
  const seconds = (time - now) / 1000
  if (Math.abs(seconds) < 10) return 'just now'
  for (const [limit, divisor, unit] of STEPS)
    if (Math.abs(seconds) < limit) return RELATIVE.format(Math.round(seconds / divisor), unit)
  return iso
}

/** Older than this, an age says too little. */
const RECENT = 90 * 86_400_000

/** The age of what is recent, the date of what is not: `3 days ago`, `2026-03-14`. */
export function formatAgeOrDate(iso: string, now: number): string {
  const time = Date.parse(iso)
  return Number.isNaN(time) || Math.abs(now - time) < RECENT
    ? formatRelative(iso, now)
    : formatAbsolute(iso).slice(0, 10)
}

/** `2026-03-14 09:26`, in UTC: for what is sorted by it. */
export function formatMinute(iso: string): string {
  return Number.isNaN(Date.parse(iso)) ? iso : formatAbsolute(iso).slice(0, 16)
}

/** `2026-03-14 09:26:53 UTC` */
export function formatAbsolute(iso: string): string {
  const time = Date.parse(iso)
  return Number.isNaN(time) ? iso : `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `09:26:53 UTC`: for what happens soon. */
export function formatSecond(iso: string): string {
  return formatAbsolute(iso).slice(11)
}

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** Milliseconds as people read them: `30 s`, `1 min 30 s`, `250 ms`. */
export function formatDuration(milliseconds: number): string {
  let left = Math.round(milliseconds)
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count > 0 ? [`${count} ${unit}`] : []
  })
  return parts.slice(0, 2).join(' ') || '0 s'
}

const DAY_NAME = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })

/** Every month in three letters: `Today, Sun 29 Nov`, `Wed 2 Sep`, `Thu 12 Nov 2024`, in UTC. @param day `2026-11-29` */
export function formatDay(day: string, now: number): string {
  const today = new Date(now).toISOString().slice(0, 10)
  const name = DAY_NAME.format(new Date(`${day}T00:00:00Z`))
    .replace(',', '')
    .replace('Sept', 'Sep')
  if (day === today) return `Today, ${name}`
  return day.slice(0, 4) === today.slice(0, 4) ? name : `${name} ${day.slice(0, 4)}`
}

/** `09:26`, in UTC. */
export function formatTime(iso: string): string {
  return iso.slice(11, 16)
}

/** When something happened of which two moments are known, under the day of the later one: `between 09:26 and 09:31`. */
export function formatBetween(from: string, to: string, now: number): string {
  const [begin, end] = [formatTime(from), formatTime(to)]
  const day = from.slice(0, 10)
  if (day !== to.slice(0, 10)) return `between ${begin} on ${formatDay(day, now)} and ${end}`
  return begin === end ? `at ${end}` : `between ${begin} and ${end}`
}
