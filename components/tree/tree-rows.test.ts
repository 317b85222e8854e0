import { expect, test } from 'vitest'
import { ancestorKeys, levelKey, rowsToRender, type TreeRegistry, visibleRows } from './tree-rows.ts'

const hub: TreeRegistry = { name: 'hub', kind: 'http', total: 2 }
const down: TreeRegistry = { name: 'down', kind: 'http', total: 0, problem: 'Can’t be reached' }
const entry = (path: string, below = 0) => ({
  path,
  name: path.split('/').at(-1) ?? path,
  isRepository: below === 0,
  below,
})
const levels = new Map([
  ['hub/', [entry('team', 2), entry('web')]],
  ['hub/team', [entry('team/api'), entry('team/app')]],
])
const keys = (rows: ReturnType<typeof visibleRows>) => rows.map(({ key }) => key)

test('the only registry has no row of its own', () => {
  expect(keys(visibleRows([hub], levels, new Set()))).toEqual(['hub/team', 'hub/web'])
})

test('an open namespace shows what is in it, one step deeper', () => {
  const rows = visibleRows([hub], levels, new Set(['hub/team']))
  expect(keys(rows)).toEqual(['hub/team', 'hub/team/api', 'hub/team/app', 'hub/web'])
  expect(rows.map(({ depth }) => depth)).toEqual([0, 1, 1, 0])
})

test('a registry that can’t be listed does not open', () => {
  expect(keys(visibleRows([hub, down], levels, new Set(['down/'])))).toEqual(['hub/', 'down/'])
})

test('a level that has not arrived holds its place', () => {
  const rows = visibleRows([hub], new Map([['hub/', [entry('team', 2)]]]), new Set(['hub/team']))
  expect(rows.map(({ kind }) => kind)).toEqual(['entry', 'loading'])
})

test('the row that Tab reaches is rendered wherever the tree is scrolled', () => {
  expect(rowsToRender(2, 5, 3)).toEqual([2, 3, 4])
  expect(rowsToRender(2, 5, 0)).toEqual([0, 2, 3, 4])
  expect(rowsToRender(2, 5, 9)).toEqual([2, 3, 4, 9])
  expect(rowsToRender(2, 5, -1)).toEqual([2, 3, 4])
})

test('a path is seen once its ancestors are open', () => {
  expect(ancestorKeys('hub', 'a/b/c')).toEqual([levelKey('hub', ''), 'hub/a', 'hub/a/b'])
})
