import { describe, expect, test } from 'vitest'
import { ancestorKeys, levelKey, rowsToRender, stepOf, type TreeRegistry, visibleRows } from './tree-rows.ts'

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

test('an open namespace shows its content, one step deeper', () => {
  const rows = visibleRows([hub], levels, new Set(['hub/team']))
  expect(keys(rows)).toEqual(['hub/team', 'hub/team/api', 'hub/team/app', 'hub/web'])
  expect(rows.map(({ depth }) => depth)).toEqual([0, 1, 1, 0])
})

test('a registry that can’t be listed doesn’t open', () => {
  expect(keys(visibleRows([hub, down], levels, new Set(['down/'])))).toEqual(['hub/', 'down/'])
})

test('a level still loading holds its place', () => {
  const rows = visibleRows([hub], new Map([['hub/', [entry('team', 2)]]]), new Set(['hub/team']))
  expect(rows.map(({ kind }) => kind)).toEqual(['entry', 'loading'])
})

test('the row that Tab reaches is rendered wherever the tree is scrolled', () => {
  expect(rowsToRender(2, 5, 3)).toEqual([2, 3, 4])
  expect(rowsToRender(2, 5, 0)).toEqual([0, 2, 3, 4])
  expect(rowsToRender(2, 5, 9)).toEqual([2, 3, 4, 9])
  expect(rowsToRender(2, 5, -1)).toEqual([2, 3, 4])
})

test('opening its ancestors makes a path visible', () => {
  expect(ancestorKeys('hub', 'a/b/c')).toEqual([levelKey('hub', ''), 'hub/a', 'hub/a/b'])
})

describe('a key in the tree', () => {
  const rows = visibleRows([hub, down], levels, new Set(['hub/', 'hub/team']))
  const at = (path: string) => keys(rows).indexOf(`hub/${path}`)

  test.each([
    ['ArrowDown', 'team', { focus: at('team/api') }],
    ['ArrowUp', 'team/api', { focus: at('team') }],
    ['Home', 'web', { focus: 0 }],
    ['End', 'team', { focus: rows.length - 1 }],
    ['ArrowLeft', 'team', { toggle: 'hub/team', to: false }],
    ['ArrowLeft', 'team/app', { focus: at('team') }],
    ['ArrowRight', 'team', { focus: at('team/api') }],
    ['Enter', 'web', { open: expect.objectContaining({ key: 'hub/web' }) }],
    ['a', 'web', undefined],
  ])('%s on %s takes one step', (key, path, step) => {
    expect(stepOf(key, rows, at(path))).toEqual(step)
  })

  test('ArrowRight opens a closed namespace, and no registry that can’t be listed', () => {
    const closed = visibleRows([hub, down], levels, new Set())
    expect(stepOf('ArrowRight', closed, 0)).toEqual({ toggle: 'hub/', to: true })
    expect(stepOf('ArrowRight', closed, 1)).toEqual({ focus: 2 })
  })

  test('stops at the first and the last row', () => {
    expect(stepOf('ArrowUp', rows, 0)).toEqual({ focus: 0 })
    expect(stepOf('ArrowDown', rows, rows.length - 1)).toEqual({ focus: rows.length - 1 })
  })
})
