import { expect, test } from 'vitest'
import { parseQuery } from '../../filter/parse-query.ts'
import { chosenKeys } from './chosen-keys.ts'

const known = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key }))
const columns = (typed: string, keys: string[] = []) => chosenKeys({ keys }, parseQuery(typed).query, known)

test.each([
  ['', ['a', 'b', 'c', 'd'], 'the most frequent keys'],
  ['-label:licence label:b=1 OR label:licence=MIT', ['licence', 'b', 'a', 'c'], 'what the query names comes first'],
  ['label:1 label:2 label:3 label:4 label:5', ['1', '2', '3', '4', '5'], 'the query names more than usual'],
])('a matrix of “%s” has the columns %j: %s', (typed, keys) => {
  expect(columns(typed)).toEqual(keys)
})

test('a matrix has the columns that were chosen, whatever the query names', () => {
  expect(columns('label:licence', ['e', 'a', 'e'])).toEqual(['e', 'a'])
})
