import { expect, test } from 'vitest'
import { unversionedNames } from './unversioned-names'

test('names the first tags that aren’t versions, and says how many more there are', () => {
  expect(unversionedNames({ going: 1, names: ['latest'] })).toBe('latest')
  expect(unversionedNames({ going: 3, names: ['latest', 'stable', 'main'] })).toBe('latest, stable and main')
  expect(unversionedNames({ going: 1_003, names: ['latest', 'stable', 'main'] })).toBe(
    'latest, stable, main and 1,000 more',
  )
})
