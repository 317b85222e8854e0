import { z } from 'zod'

/** When a policy runs automatically, in UTC. */
export const scheduleSchema = z.strictObject({
  every: z.enum(['day', 'week']),
  /** 0 is Sunday; of a daily schedule ignored. */
  weekday: z.int().min(0).max(6),
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Enter a time such as 04:00.'),
})
export type Schedule = z.output<typeof scheduleSchema>

const DAY = 86_400_000

/** The first time after `now` that the schedule names; both in milliseconds since the epoch. */
export function nextRun({ every, weekday, at }: Schedule, now: number): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  const today = Math.floor(now / DAY) * DAY + hours * 3_600_000 + minutes * 60_000
  for (let days = 0; ; days++) {
    const time = today + days * DAY
    if (time > now && (every === 'day' || new Date(time).getUTCDay() === weekday)) return time
  }
}
