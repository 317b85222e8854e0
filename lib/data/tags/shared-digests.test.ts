import { expect, test } from 'vitest'
import { digest } from '../../catalog/contract/samples.ts'
import { parseTag, type Tag } from '../../oci/reference.ts'
import { sharedInRepository, sharedOnPage } from './shared-digests.ts'

const [one, two, other] = ['1', '2', 'other'].map(parseTag) as [Tag, Tag, Tag]
const [a, b] = [digest('a'), digest('b')]

test('counts all tags of the repository on a digest if all are known, for digests with several', () => {
  const on = new Map([
    [a, [two, one]],
    [b, [other]],
  ])
  expect(sharedInRepository(on)).toEqual({
    among: 'repository',
    isLowerBound: false,
    byDigest: { [a]: { count: 2, tags: ['2', '1'] } },
  })
})

test('counts only the page if not all tags are known', () => {
  const page = new Map([one, two].map((tag) => [tag, a]))
  expect(sharedOnPage(page)).toMatchObject({ among: 'page', isLowerBound: false, byDigest: { [a]: { count: 2 } } })
})

test('says "at least" when a tag of the page couldn’t be read', () => {
  const page = new Map([
    [one, a],
    [two, a],
    [other, undefined],
  ])
  expect(sharedOnPage(page)).toMatchObject({ isLowerBound: true, byDigest: { [a]: { count: 2 } } })
})

test('names the first of many tags on a digest', () => {
  const tags = Array.from({ length: 40 }, (_, index) => parseTag(`t${index}`))
  const { byDigest } = sharedInRepository(new Map([[a, tags]]))
  expect(byDigest[a]?.count).toBe(40)
  expect(byDigest[a]?.tags).toHaveLength(12)
})
