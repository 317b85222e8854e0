import type { RetentionRule } from '@/lib/data/retention/policies'
import type { PolicySimulation } from '@/lib/data/retention/simulate-policy'
import { formatCount, plural } from '@/lib/format/bytes'

type Explained = PolicySimulation['explained'][number]

export interface ReasonLine {
  readonly text: string
  readonly isUnknown?: boolean
}

const DAY = 86_400_000

/** What keeps a tag, rule by rule, and until when; or how far it is from each rule. */
export function reasonLines(tag: Explained, rules: readonly RetentionRule[], now = Date.now()): ReasonLine[] {
  const lines: ReasonLine[] = []
  if (tag.protectedBy !== undefined) lines.push({ text: `Protected by the rule ${tag.protectedBy}.` })
  if (tag.isUnread) lines.push({ text: 'Not read yet, so it’s kept.', isUnknown: true })
  if (tag.platformOf !== undefined) lines.push({ text: `A platform of ${tag.platformOf}, which is kept.` })
  for (const reason of tag.reasons) {
    const rule = rules[reason.rule]
    if (!rule || reason.says === 'not kept' || (reason.says === 'unknown' && tag.isUnread)) continue
    lines.push(reason.says === 'unknown' ? unknown(rule, reason.rule) : kept(rule, reason))
  }
  if (lines.length > 0) return lines
  const nearest = tag.reasons.flatMap((reason) => {
    const rule = rules[reason.rule]
    return rule ? missed(rule, reason, now) : []
  })
  return [{ text: 'No rule keeps it.' }, ...nearest.map((text) => ({ text }))]
}

function kept(rule: RetentionRule, { rule: at, rank, until }: Explained['reasons'][number]): ReasonLine {
  const number = `Rule ${at + 1}`
  switch (rule.keep) {
    case 'newer':
      return {
        text: `${number}: newer than ${rule.amount} ${rule.unit}${until === undefined ? '' : `, until ${dateOf(until)}`}.`,
      }
    case 'last':
      return { text: `${number}: ${ordinal(rank ?? 0)} newest of ${formatCount(rule.count)} by ${rule.by}.` }
    case 'matching':
      return { text: `${number}: matches ${rule.query}.` }
    case 'signed':
      return { text: `${number}: signed.` }
  }
}

function unknown(rule: RetentionRule, at: number): ReasonLine {
  const number = `Rule ${at + 1}`
  switch (rule.keep) {
    case 'newer':
      return { text: `${number}: ${rule.by} unknown. A tag without a date is kept.`, isUnknown: true }
    case 'last':
      return { text: `${number}: can’t be ranked by ${rule.by}, so it’s kept.`, isUnknown: true }
    case 'matching':
      return { text: `${number}: unknown whether it matches, so it’s kept.`, isUnknown: true }
    case 'signed':
      return { text: `${number}: unknown whether it’s signed, so it’s kept.`, isUnknown: true }
  }
}

function missed(rule: RetentionRule, { rule: at, rank, until }: Explained['reasons'][number], now: number): string[] {
  const number = `rule ${at + 1}`
  if (rule.keep === 'newer' && until !== undefined)
    return [`${plural(Math.max(1, Math.floor((now - until) / DAY)), 'day')} too old for ${number}.`]
  if (rule.keep === 'last' && rank !== undefined)
    return [`${ordinal(rank)} newest by ${rule.by}: ${formatCount(rank - rule.count)} past the limit of ${number}.`]
  return []
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

/** `1st`, `2nd`, `11th`. */
function ordinal(number: number): string {
  const tens = number % 100
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${formatCount(number)}${suffix}`
}
