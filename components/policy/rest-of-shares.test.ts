import { expect, test } from 'vitest'
import { restOfShares } from './rest-of-shares.ts'

const shares = [
  { name: 'hub/team-a/api', findings: 5, images: 3 },
  { name: 'hub/team-a/web', findings: 4, images: 4 },
]

test('what a list of the largest shares leaves out is said', () => {
  expect(restOfShares(shares, { count: 4, findings: 1_012, noun: ['repository', 'repositories'] })).toBe(
    '2 more repositories with 1,003 findings',
  )
  expect(restOfShares(shares, { count: 3, findings: 10, noun: ['owner', 'owners'] })).toBe(
    '1 more owner with 1 finding',
  )
  expect(restOfShares(shares, { count: 2, findings: 9, noun: ['owner', 'owners'] })).toBeUndefined()
})
