import { expect, it } from 'vitest'
import { diffPackages } from './diff-packages.ts'

it('finds packages that were added, removed and changed', () => {
  const before = [{ name: 'zlib', version: '1.2' }, { name: 'curl', version: '8.1' }, { name: 'gone' }]
  const after = [
    { name: 'zlib', version: '1.3' },
    { name: 'curl', version: '8.1' },
    { name: 'new', version: '1' },
  ]
  expect(diffPackages(before, after)).toEqual([
    { name: 'curl', before: '8.1', after: '8.1', state: 'same' },
    { name: 'gone', before: 'no version', state: 'removed' },
    { name: 'new', after: '1', state: 'added' },
    { name: 'zlib', before: '1.2', after: '1.3', state: 'changed' },
  ])
})

it('compares all versions of a name at once, in any order', () => {
  const twice = [
    { name: 'semver', version: '7' },
    { name: 'semver', version: '6' },
    { name: 'semver', version: '7' },
  ]
  expect(diffPackages(twice, [...twice].reverse())).toEqual([
    { name: 'semver', before: '6, 7', after: '6, 7', state: 'same' },
  ])
})
