import { expect, test } from 'vitest'
import { isNameFilter } from './is-name-filter.ts'

test.each(['', 'api', '1.4', 'team-a api', '*-rc.?', 'team-a/**', '/^v\\d+(-rc)?$/', '/a b/', '1.4-rc'])(
  'filters names by %j',
  (text) => expect(isNameFilter(text)).toBe(true),
)

test.each(['age:>90d', 'team=quay', '-rc', '1.4 or 1.5', '"1.4"', '(a)', 'api age:', 'label:team', 'ag:>1d'])(
  'reads %j as a query',
  (text) => expect(isNameFilter(text)).toBe(false),
)
