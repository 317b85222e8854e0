import { expect, test } from 'vitest'
import { currentFirst, matchNames } from './match-names.ts'

const registries = [
  { registry: 'hub', names: ['base/app', 'team/api', 'team/app', 'team/app-tools'] },
  { registry: 'lab', names: ['team/app'] },
]

test('matches paths that contain every word, in any order and case', () => {
  expect(matchNames(registries, 'APP team').map((m) => `${m.registry}/${m.path}`)).toEqual([
    'hub/team/app',
    'hub/team/app-tools',
    'lab/team/app',
  ])
})

test('ranks a repository whose own name starts with the term before one that contains it', () => {
  expect(matchNames([{ registry: 'hub', names: ['app/zeta', 'zeta/app'] }], 'app').map((m) => m.path)).toEqual([
    'zeta/app',
    'app/zeta',
  ])
})

test('matches the registry’s name with a word', () => {
  expect(matchNames(registries, 'lab app')).toEqual([{ registry: 'lab', path: 'team/app' }])
})

test('matches a whole name with a word, including the registry', () => {
  expect(matchNames(registries, 'hub/team/app').map((m) => m.path)).toEqual(['team/app', 'team/app-tools'])
})

test('keeps the best matches within the limit', () => {
  expect(matchNames(registries, 'app', 2)).toHaveLength(2)
})

test('falls back to matching letters, after everything that words match', () => {
  const names = [{ registry: 'hub', names: ['team-a/billing-api', 'team-b/table-api'] }]
  expect(matchNames(names, 'tabilapi').map((m) => m.path)).toEqual(['team-a/billing-api'])
  expect(matchNames(names, 'tabl').map((m) => m.path)).toEqual(['team-b/table-api'])
  expect(matchNames(names, 'xyzq')).toEqual([])
})

test('matches in the page’s registry come first, the others as they were', () => {
  const matches = ['hub', 'lab', 'mirror', 'lab'].map((registry, index) => ({ registry, index }))
  expect(currentFirst(matches, 'lab').map(({ index }) => index)).toEqual([1, 3, 0, 2])
  expect(currentFirst(matches, undefined)).toEqual(matches)
})
