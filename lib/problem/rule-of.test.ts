import { expect, it } from 'vitest'
import { ruleOf } from './rule-of.ts'

it('finds the rule of a protected tag, and none for one named like what every object has', () => {
  expect(ruleOf({ stable: 'Releases' }, 'stable')).toBe('Releases')
  expect(ruleOf({ stable: 'Releases' }, 'constructor')).toBeUndefined()
  expect(ruleOf(undefined, 'stable')).toBeUndefined()
})
