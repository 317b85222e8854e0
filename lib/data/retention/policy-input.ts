import { z } from 'zod'
import { UNITS } from '../../catalog/retention/retention-policy.ts'
import { checkPatterns } from '../../filter/check-patterns.ts'
import { parseQuery } from '../../filter/parse-query.ts'
import { termsOf } from '../../filter/query.ts'
import { queryMistakeText } from '../../problem/query-mistake-text.ts'
import { scheduleSchema } from './schedule.ts'

/** Known of every tag, whatever has been read of its image. */
const NAMES = ['registry', 'repo', 'tag', 'name']

const query = z.string().trim().max(1_000).superRefine(checkQuery)
const ruleSchema = z.discriminatedUnion('keep', [
  z.strictObject({
    keep: z.literal('newer'),
    amount: z.int('Enter a whole number.').min(1, 'Enter at least 1.').max(10_000),
    unit: z.enum(UNITS),
    by: z.enum(['created', 'moved']),
  }),
  z.strictObject({
    keep: z.literal('last'),
    count: z.int('Enter a whole number.').min(1, 'Enter at least 1.').max(100_000),
    by: z.enum(['created', 'moved', 'version']),
    /** Of all tags when it's empty. */
    among: query,
  }),
  z.strictObject({
    keep: z.literal('matching'),
    query: query.min(1, 'Enter which tags to keep, for example tag:latest,stable.'),
  }),
  z.strictObject({ keep: z.literal('signed') }),
])

/** What a policy says, apart from what it is called and when it runs. */
export const rulesInput = z.strictObject({
  scope: query.superRefine((scope, context) => {
    const terms = termsOf(checkPatterns(parseQuery(scope)).query)
    if (terms.length === 0)
      context.addIssue({ code: 'custom', message: 'Enter which tags it applies to, for example repo:team-a/**.' })
    else if (!terms.every(({ field }) => NAMES.includes(field)))
      context.addIssue({ code: 'custom', message: 'Use registry:, repo: and tag: to say which tags it applies to.' })
  }),
  // Without a rule everything would go.
  rules: z.array(ruleSchema).min(1, 'Add a rule: without any, every tag would be deleted.').max(20).readonly(),
})

export const policyInput = rulesInput.extend({
  /** Absent for a new one. */
  id: z.uuid().optional(),
  /** When the policy that was edited had been saved: one that was saved since isn’t overwritten. RFC 3339. */
  editedAt: z.iso.datetime().optional(),
  name: z.string().trim().min(1, 'Give the policy a name.').max(80),
  /** Percent of its tags: a run that would delete more stops. */
  mostShare: z.int('Enter a whole number.').min(1, 'Enter at least 1 %.').max(100, 'Enter at most 100 %.'),
  schedule: scheduleSchema.nullable(),
})
export type PolicyInput = z.output<typeof policyInput>

function checkQuery(typed: string, context: z.RefinementCtx<string>): void {
  for (const mistake of checkPatterns(parseQuery(typed)).mistakes)
    context.addIssue({ code: 'custom', message: queryMistakeText(mistake) })
}
