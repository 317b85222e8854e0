import { expect, it } from 'vitest'
import { cutText, isLong, prettyJson } from './folding.ts'

it('calls a text long by its lines or by its length', () => {
  expect(isLong('a\n'.repeat(5))).toBe(false)
  expect(isLong('a\n'.repeat(6))).toBe(true)
  expect(isLong('a'.repeat(601))).toBe(true)
})

it('cuts a value and says how much is left, never inside a character', () => {
  expect(cutText('abc', 3)).toEqual({ shown: 'abc', left: 0 })
  expect(cutText('abcd', 3)).toEqual({ shown: 'abc', left: 1 })
  expect(cutText('ab🚢d', 3)).toEqual({ shown: 'ab', left: 3 })
})

it('indents JSON objects and arrays only', () => {
  expect(prettyJson('{"a":1}')).toBe('{\n  "a": 1\n}')
  expect(prettyJson('12')).toBeUndefined()
  expect(prettyJson('{not json')).toBeUndefined()
})
