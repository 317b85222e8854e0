/** Which tags stay. A tag that no rule keeps is deleted. */
export interface RetentionPolicy {
  /** A query over `registry:`, `repo:` and `tag:`: the tags that the policy is about. */
  readonly scope: string
  /** At least one, and at most 20. */
  readonly rules: readonly RetentionRule[]
}

export const UNITS = ['days', 'weeks', 'months'] as const
export type RetentionUnit = (typeof UNITS)[number]

export type RetentionRule =
  /** `moved`: when the tag was last seen to point at something else. */
  | {
      readonly keep: 'newer'
      readonly amount: number
      readonly unit: RetentionUnit
      readonly by: 'created' | 'moved'
    }
  /** Of each repository, among the tags that the query finds. */
  | {
      readonly keep: 'last'
      readonly count: number
      readonly by: 'created' | 'moved' | 'version'
      readonly among: string
    }
  | { readonly keep: 'matching'; readonly query: string }
  /** A signature is there; it isn't verified. */
  | { readonly keep: 'signed' }

const DAY = 86_400_000
const LENGTHS: Readonly<Record<RetentionUnit, number>> = { days: DAY, weeks: 7 * DAY, months: 30 * DAY }

/** Milliseconds. */
export function lengthOf({ amount, unit }: RetentionRule & { keep: 'newer' }): number {
  return amount * LENGTHS[unit]
}
