import fc from 'fast-check'
import { expect, test } from 'vitest'
import { breakpoints, type ColumnLayout, NAME_MIN, tableStyle } from './table-style.ts'

const name: ColumnLayout = { id: 'name', role: 'name' }
const widths = fc.oneof(
  fc.integer({ min: 2, max: 20 }),
  fc.integer({ min: 5, max: 30 }).map((share) => `${share}%` as const),
  fc.constant(undefined),
)
const layouts = fc
  .uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z]{1,8}$/),
      width: widths,
      priority: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    }),
    { selector: ({ id }) => id, maxLength: 8 },
  )
  .map((others): ColumnLayout[] => [name, ...others.filter(({ id }) => id !== 'name')])
  .filter((columns) => columns.reduce((sum, { width }) => sum + shareOf(width), 0) < 0.9)

function shareOf(width: ColumnLayout['width']): number {
  return typeof width === 'string' ? Number.parseFloat(width) / 100 : 0
}

test('the naming column stays 12rem wide, whichever columns are shown', () => {
  fc.assert(
    fc.property(layouts, fc.integer({ min: 0, max: 3000 }), (columns, above) => {
      const { stacked, shown } = breakpoints(columns)
      const width = stacked + above
      const visible = columns.filter(({ id }) => width >= (shown.get(id) ?? 0))
      const taken = visible.reduce(
        (sum, column) => sum + (typeof column.width === 'number' ? column.width * 16 : shareOf(column.width) * width),
        0,
      )
      // Columns without a width divide what is left.
      const flexible = visible.filter(({ width }) => width === undefined).length
      expect((width - taken) / flexible).toBeGreaterThanOrEqual(NAME_MIN * 16 - 0.001)
    }),
  )
})

test('hides columns by priority, the highest number first', () => {
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

test('a share of the width is at least 12rem before rows become stacks', () => {
  const { stacked } = breakpoints([{ id: 'name', role: 'name', width: '30%' }, { id: 'value' }])
  expect(stacked * 0.3).toBeGreaterThanOrEqual(NAME_MIN * 16)
})

test('addresses a column by its position, and leaves a row-spanning cell alone', () => {
  const style = tableStyle('tags', [name, { id: 'size', width: 5, align: 'end', stacked: 'size' }])
  expect(style).toContain('.table-tags tr>:nth-child(2):not(:only-child){text-align:end}')
  expect(style).toContain('::before{content:"size ";')
})

test('a value in a stacked row takes a line of its own, or the rest of the line, if its column says so', () => {
  const style = tableStyle('found', [
    name,
    { id: 'kind', width: 6 },
    { id: 'finding', width: 20, line: 'rest' },
    { id: 'since', width: 8, line: 'own' },
  ])
  const stackedRule = (column: number) => style.split('\n').find((rule) => rule.includes(`:nth-child(${column})`))
  expect(stackedRule(2)).not.toContain('flex:')
  expect(stackedRule(3)).toContain('flex:1 1 60%')
  expect(stackedRule(4)).toContain('flex:1 0 100%')
})

test('the head of stacked rows is as high as its checkbox, which is beside whatever else it shows', () => {
  const style = tableStyle('plan', [
    { id: 'tick', width: 2.5, role: 'lead' },
    { id: 'name', role: 'name' },
  ])
  expect(style).toMatch(/@container table \(width<\d+px\)\{.*\.table-plan>thead>tr\{min-height:2\.25rem\}/)
})
