import { config } from '../../config/config.ts'

const DAY = 86_400_000

/** Milliseconds that what was deleted or overwritten is kept, to be restored: TRASH_DAYS. */
export function trashTime(): number {
  return config().trashDays * DAY
}

/** Until when something that was deleted or overwritten at a time can be restored at most. RFC 3339, like `at`. */
export function keptUntil(at: string): string {
  return new Date(Date.parse(at) + trashTime()).toISOString()
}
