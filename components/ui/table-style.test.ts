import fc from 'fast-check'
import { expect, test } from 'vitest'
import { breakpoints, type ColumnLayout, NAME_MIN, tableStyle } from './table-style.ts'

const name: ColumnLayout = { id: 'name', role: 'name' }
const layouts = fc
  .uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z]{1,8}$/),
      width: fc.integer({ min: 2, max: 20 }),
      priority: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  )
  .map((others): ColumnLayout[] => [name, ...others.filter(({ id }) => id !== 'name')])

test('the column that names the row keeps 12rem at every width, whichever columns are shown', () => {
  fc.assert(
    fc.property(layouts, fc.integer({ min: 0, max: 3000 }), (columns, above) => {
      const { stacked, shown } = breakpoints(columns)
      const width = stacked + above
      const taken = columns
        .filter(({ id, role }) => role !== 'name' && width >= (shown.get(id) ?? 0))
        .reduce((sum, column) => sum + Number(column.width) * 16, 0)
      expect(width - taken).toBeGreaterThanOrEqual(NAME_MIN * 16)
    }),
  )
})

test('columns leave by priority, the highest number first', () => {
  const { stacked, shown } = breakpoints([
    name,
    { id: 'digest', width: 10, priority: 1 },
    { id: 'size', width: 5 },
    { id: 'platforms', width: 13, priority: 2 },
  ])
  expect(stacked).toBe((12 + 5) * 16)
  expect([...shown]).toEqual([
    ['digest', (12 + 5 + 10) * 16],
    ['platforms', (12 + 5 + 10 + 13) * 16],
  ])
})

test('a share of the whole is no narrower than 12rem before rows become stacks', () => {
  const { stacked } = breakpoints([{ id: 'name', role: 'name', width: '30%' }, { id: 'value' }])
  expect(stacked * 0.3).toBeGreaterThanOrEqual(NAME_MIN * 16)
})

test('a column is addressed by its place, and a cell that spans the row is left alone', () => {
  const style = tableStyle('tags', [name, { id: 'size', width: 5, align: 'end', stacked: 'size' }])
  expect(style).toContain('.table-tags tr>:nth-child(2):not(:only-child){text-align:end}')
  expect(style).toContain('::before{content:"size "}')
})
