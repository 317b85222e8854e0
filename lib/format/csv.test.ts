import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRows } from './csv.ts'

it('writes any text like a CSV library', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', ' ', '\n', '=', '-', '1', '＝', '＠') })
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2 }), { maxLength: 5 }), (rows) => {
      expect(csvRows(rows)).toBe(stringify(rows, { escape_formulas: true }))
    }),
  )
})

it('keeps a carriage return within its cell', () => {
  expect(csvRows([['a\rb', 'c']])).toBe('"a\rb",c\n')
})
