import { expect, test } from 'vitest'
import { parseFilter } from './parse-filter.ts'

test.each([
  ['', undefined],
  ['  ', undefined],
  ['app', { words: ['app'] }],
  [' team  app ', { words: ['team', 'app'] }],
  ['team/app', { words: ['team/app'] }],
  ['team-*', { glob: '**/team-*' }],
  ['ap?', { glob: '**/ap?' }],
  ['team-*/app', { glob: 'team-*/app' }],
  ['/^team-(a|b)//', { pattern: '^team-(a|b)/' }],
  ['/a*/', { pattern: 'a*' }],
  // Not closed yet, or with nothing between.
  ['/', { words: ['/'] }],
  ['//', { words: ['//'] }],
  ['/app', { words: ['/app'] }],
])('%j is understood as %j', (typed, filter) => expect(parseFilter(typed)).toEqual(filter))
