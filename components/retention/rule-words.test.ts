import { expect, it } from 'vitest'
import { ruleText } from './rule-words'

it('says one day, week or month in the singular', () => {
  const newer = { keep: 'newer', by: 'created' } as const
  expect(ruleText({ ...newer, amount: 1, unit: 'days' })).toBe('newer than 1 day by created')
  expect(ruleText({ ...newer, amount: 1_000, unit: 'weeks' })).toBe('newer than 1,000 weeks by created')
})
