import type { RetentionRule, SavedPolicy } from '@/lib/data/retention/policies'
import { formatCount, plural } from '@/lib/format/bytes'

/** A rule as a sentence says it: `newer than 90 days by created`. */
export function ruleText(rule: RetentionRule): string {
  switch (rule.keep) {
    case 'newer':
      return `newer than ${plural(rule.amount, rule.unit.slice(0, -1))} by ${rule.by}`
    case 'last':
      return `one of the newest ${formatCount(rule.count)} by ${rule.by}${rule.among === '' ? '' : ` among ${rule.among}`}`
    case 'matching':
      return `matches ${rule.query}`
    case 'signed':
      return 'is signed'
  }
}

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

export function scheduleText(schedule: SavedPolicy['schedule']): string {
  if (!schedule) return 'manually'
  return schedule.every === 'day'
    ? `every day at ${schedule.at} UTC`
    : `every ${WEEKDAYS[schedule.weekday]} at ${schedule.at} UTC`
}
