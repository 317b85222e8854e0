import { expect, test } from 'vitest'
import { compileQuery } from './evaluate-query.ts'
import { parseQuery } from './parse-query.ts'
import { withoutReferrerTags } from './without-referrer-tags.ts'

const HEX = '57c0d71d'.repeat(8)
const image = (tag: string) =>
  ({ registry: 'hub', repository: 'team/api', tag, type: 'image', has: {}, digests: [] }) as const

test.each([
  [`sha256-${HEX}.sig`, true],
  [`sha256-${HEX}`, true],
  [`sha512-${HEX}${HEX}.att`, true],
  ['sha256-57c0d71d', false],
  ['1.4.2', false],
  [`build-sha256-${HEX}`, false],
])('tells whether %s only holds referrers', (tag, isReferrer) => {
  const { query } = parseQuery('repo:team/**')
  expect(compileQuery(withoutReferrerTags(query), 0)(image(tag))).toBe(!isReferrer)
})
