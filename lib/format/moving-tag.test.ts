import { expect, test } from 'vitest'
import { isMovingTag, movingFirst } from './moving-tag.ts'

test('short versions move where a longer one is on the same image', () => {
  expect(isMovingTag('1.4', ['1.4.2', '1.4'])).toBe(true)
  expect(isMovingTag('v1', ['v1.4.2'])).toBe(true)
  expect(isMovingTag('1234', ['1234'])).toBe(false)
  expect(isMovingTag('1.4', ['1.40.0'])).toBe(false)
})

test('moving tags stand first, names before versions, and the others keep their order', () => {
  expect(movingFirst(['1.4.2', '1.4', '1', 'customer-north', 'latest']).map(({ tag }) => tag)).toEqual([
    'latest',
    '1',
    '1.4',
    '1.4.2',
    'customer-north',
  ])
})
