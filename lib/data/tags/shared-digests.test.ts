import { expect, test } from 'vitest'
import type { TagSummary } from '../../image/inspect/summary.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import type { Attempt } from '../../problem/attempt.ts'
import { sharedDigests } from './shared-digests.ts'

const summary = (digest: string) => ({ ok: true, value: { digest } }) as Attempt<TagSummary>
const [one, two, other, far] = ['1', '2', 'other', 'far'].map(parseTag) as [Tag, Tag, Tag, Tag]

test('all tags on a digest are counted where all are known, those of other pages too', () => {
  const known = new Map([one, two, far].map((tag) => [tag, summary('a')]))
  known.set(other, summary('b'))
  expect(sharedDigests(known, 4, [one, other])).toEqual({
    among: 'repository',
    byDigest: { a: { count: 3, tags: ['1', '2', 'far'] } },
  })
})

test('where some are not known, only the page is counted', () => {
  const known = new Map([one, two, far].map((tag) => [tag, summary('a')]))
  expect(sharedDigests(known, 9, [one, two])).toEqual({
    among: 'page',
    byDigest: { a: { count: 2, tags: ['1', '2'] } },
  })
})

test('of many tags on a digest the first are named', () => {
  const tags = Array.from({ length: 40 }, (_, index) => parseTag(`t${index}`))
  const { byDigest } = sharedDigests(new Map(tags.map((tag) => [tag, summary('a')])), 40, tags)
  expect(byDigest.a?.count).toBe(40)
  expect(byDigest.a?.tags).toHaveLength(12)
})
