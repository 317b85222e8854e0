import { expect, test } from 'vitest'
import { otherQuery } from './other-query'

test.each([
  ['hub/team-a/api:latest', 'registry:hub repo:team-a/api tag:latest'],
  ['team-a/api:1.2.3', 'repo:team-a/api tag:1.2.3'],
  [' my-api:latest ', 'repo:**/my-api tag:latest'],
  ['platform:amd64', 'platform:*/amd64'],
  ['team -platform:arm64 age:>90d', 'team -platform:*/arm64 age:>90d'],
  ['platform:linux/amd64', undefined],
  ['team-a/api', undefined],
  ['https://example.com/x:1', undefined],
])('for %s suggests %s', (text, other) => {
  expect(otherQuery(text, ['hub'])).toBe(other)
})
