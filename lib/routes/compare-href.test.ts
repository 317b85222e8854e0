import { expect, it } from 'vitest'
import { parseRepositoryName } from '../oci/reference.ts'
import { type ComparedTag, compareHref } from './compare-href.ts'

const place = { registry: 'hub', repository: parseRepositoryName('app') }
const sides = (...[one, other]: [ComparedTag, ComparedTag]) =>
  [...new URL(compareHref(place, one, other), 'http://lading').searchParams.values()].map((side) =>
    side.replace('hub/app:', ''),
  )

it('makes the lower version Before, in whichever order the two were chosen', () => {
  expect(sides({ tag: '1.10' }, { tag: '1.9' })).toEqual(['1.9', '1.10'])
  expect(sides({ tag: '1.9' }, { tag: '1.10' })).toEqual(['1.9', '1.10'])
})

it('uses creation if a tag isn’t a version', () => {
  const [old, young] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z']
  expect(sides({ tag: 'latest', created: young }, { tag: '1.0', created: old })).toEqual(['1.0', 'latest'])
  expect(sides({ tag: 'main', created: old }, { tag: 'next', created: young })).toEqual(['main', 'next'])
})

it('keeps the order if nothing says which is older', () => {
  expect(sides({ tag: 'b' }, { tag: 'a' })).toEqual(['b', 'a'])
})
