import { expect, test } from 'vitest'
import { matchNames } from './match-names.ts'

const registries = [
  { registry: 'hub', names: ['base/app', 'team/api', 'team/app', 'team/app-tools'] },
  { registry: 'lab', names: ['team/app'] },
]

test('every word must be in the path, in any order and case', () => {
  expect(matchNames(registries, 'APP team').map((m) => `${m.registry}/${m.path}`)).toEqual([
    'hub/team/app',
    'hub/team/app-tools',
    'lab/team/app',
  ])
})

test('a repository whose own name begins with the term comes before one that only holds it', () => {
  expect(matchNames([{ registry: 'hub', names: ['app/zeta', 'zeta/app'] }], 'app').map((m) => m.path)).toEqual([
    'zeta/app',
    'app/zeta',
  ])
})

test('a word may be the registry’s name', () => {
  expect(matchNames(registries, 'lab app')).toEqual([{ registry: 'lab', path: 'team/app' }])
})

test('a word may be a whole name, the registry’s first', () => {
  expect(matchNames(registries, 'hub/team/app').map((m) => m.path)).toEqual(['team/app', 'team/app-tools'])
})

test('a limit keeps the best', () => {
  expect(matchNames(registries, 'app', 2)).toHaveLength(2)
})

test('letters alone find what words don’t, after everything else', () => {
  const names = [{ registry: 'hub', names: ['team-a/billing-api', 'team-b/table-api'] }]
  expect(matchNames(names, 'tabilapi').map((m) => m.path)).toEqual(['team-a/billing-api'])
  expect(matchNames(names, 'tabl').map((m) => m.path)).toEqual(['team-b/table-api'])
  expect(matchNames(names, 'xyzq')).toEqual([])
})
