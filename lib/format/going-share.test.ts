import { expect, test } from 'vitest'
import { goingShare, isOverLimit } from './going-share.ts'

test('as many tags as the limit allows are never over it', () => {
  for (let share = 1; share <= 100; share++)
    for (const tags of [100, 300, 1_700]) {
      const going = (tags / 100) * share
      expect(goingShare({ tags, going })).toBe(share)
      expect(isOverLimit({ tags, going }, share)).toBe(false)
      expect(isOverLimit({ tags, going: going + 1 }, share)).toBe(true)
    }
  expect(isOverLimit({ tags: 0, going: 0 }, 1)).toBe(false)
})
