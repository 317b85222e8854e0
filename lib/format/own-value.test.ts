import { expect, it } from 'vitest'
import { ownValue } from './own-value.ts'

it('finds the value of a name, and none for the name of what every object has', () => {
  expect(ownValue({ stable: 'Releases' }, 'stable')).toBe('Releases')
  expect(ownValue({ stable: 'Releases' }, 'constructor')).toBeUndefined()
  expect(ownValue(undefined, 'stable')).toBeUndefined()
})
