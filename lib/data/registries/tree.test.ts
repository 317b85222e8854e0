import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { matchingEntries, treeLevel } from './tree.ts'

const names = ['a', 'a-b/x', 'a/b', 'a/b/c', 'a/b/d', 'team/app', 'team/app2', 'team10/x', 'team9/x']
  .sort()
  .map(parseRepositoryName)

test('the root counts what is below each namespace and sorts numbers naturally', () => {
  expect(treeLevel(names, '')).toEqual([
    { path: 'a', name: 'a', isRepository: true, below: 3 },
    { path: 'a-b', name: 'a-b', isRepository: false, below: 1 },
    { path: 'team', name: 'team', isRepository: false, below: 2 },
    { path: 'team9', name: 'team9', isRepository: false, below: 1 },
    { path: 'team10', name: 'team10', isRepository: false, below: 1 },
  ])
})

test('a path that is both a namespace and a repository is one entry', () => {
  expect(treeLevel(names, 'a')).toEqual([{ path: 'a/b', name: 'b', isRepository: true, below: 2 }])
})

test('a path with nothing below has no entries', () => {
  expect(treeLevel(names, 'a/b/c')).toEqual([])
  expect(treeLevel(names, 'nothing')).toEqual([])
})

test('a filter finds entries at any depth, including namespaces, named from the current level', () => {
  expect(matchingEntries(names, '', (path) => path.startsWith('a'))).toEqual([
    { path: 'a', name: 'a', isRepository: true, below: 3 },
    { path: 'a-b', name: 'a-b', isRepository: false, below: 1 },
    { path: 'a-b/x', name: 'a-b/x', isRepository: true, below: 0 },
    { path: 'a/b', name: 'a/b', isRepository: true, below: 2 },
    { path: 'a/b/c', name: 'a/b/c', isRepository: true, below: 0 },
    { path: 'a/b/d', name: 'a/b/d', isRepository: true, below: 0 },
  ])
  expect(matchingEntries(names, 'a/b', (path) => path === 'd')).toEqual([
    { path: 'a/b/d', name: 'd', isRepository: true, below: 0 },
  ])
  expect(matchingEntries(names, 'a/b', (path) => path.includes('a'))).toEqual([])
})

test('walking every level finds every repository once', () => {
  const segment = fc.stringMatching(/^[a-c]{1,2}(-[a-c])?$/)
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.array(segment, { minLength: 1, maxLength: 4 }).map((s) => s.join('/')),
        { maxLength: 40 },
      ),
      (paths) => {
        const sorted = paths.sort().map(parseRepositoryName)
        const walk = (prefix: string): string[] =>
          treeLevel(sorted, prefix).flatMap((entry) => [
            ...(entry.isRepository ? [entry.path] : []),
            ...(entry.below ? walk(entry.path) : []),
          ])
        expect(walk('').sort()).toEqual(paths)
      },
    ),
  )
})
