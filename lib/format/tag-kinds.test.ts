import { expect, test } from 'vitest'
import { compileFilter } from '../filter/compile-filter.ts'
import { parseFilter } from '../filter/parse-filter.ts'
import { tagKinds } from './tag-kinds.ts'

const TAGS = [
  'latest',
  '4.12',
  '4.12.1',
  'v1.0.0',
  '4.13.0-rc.2',
  '1.0.0-SNAPSHOT',
  '2.0b',
  'pr-2381',
  'PR12',
  'pr-x',
  '7',
]

test('counts releases, pre-releases and pull requests among tags', () => {
  expect(tagKinds(TAGS).map(({ name, count }) => [name, count])).toEqual([
    ['Releases', 3],
    ['Pre-releases', 2],
    ['Pull requests', 2],
  ])
})

test('leaves out a kind that no tag has, and one that every tag has', () => {
  expect(tagKinds(['1.0.0', '1.1.0'])).toEqual([])
})

test('each kind counts what its filter finds', () => {
  for (const { q, count } of tagKinds(TAGS)) {
    const filter = parseFilter(q)
    expect(filter && TAGS.filter(compileFilter(filter)), q).toHaveLength(count)
  }
})
