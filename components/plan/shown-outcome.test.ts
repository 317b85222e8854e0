import { expect, test } from 'vitest'
import { shownOutcome } from './shown-outcome'

const row = (tags: string[], removed: string[]) => ({ kind: 'tags', tags, removed }) as const

test('a row says what became of its own tags where those of an image ended differently', () => {
  expect(shownOutcome(row(['a', 'b'], ['b']), 'moved')).toBe('part-moved')
  expect(shownOutcome(row(['a'], []), 'moved')).toBe('moved')
  expect(shownOutcome(row(['b'], ['b']), 'moved')).toBe('untagged')
  expect(shownOutcome(row(['a', 'b'], ['b']), 'untagged')).toBe('part-restored')
  expect(shownOutcome(row(['a'], []), 'untagged')).toBe('restored')
  expect(shownOutcome(row(['a', 'b'], ['a', 'b']), 'untagged')).toBe('untagged')
})

test('an image that is back without tags that are in use again is partly restored', () => {
  expect(shownOutcome({ ...row(['a', 'b'], ['b']), kind: 'image' }, 'untagged')).toBe('part-restored')
  expect(shownOutcome({ ...row(['a'], ['a']), kind: 'image' }, 'untagged')).toBe('part-restored')
})

test('an image that was deleted whole, or left alone, is shown as it ended', () => {
  for (const outcome of ['deleted', 'moved', 'restored', 'failed'] as const)
    expect(shownOutcome({ ...row(['a'], []), kind: 'image' } as never, outcome)).toBe(outcome)
})
