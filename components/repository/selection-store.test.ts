import { expect, test } from 'vitest'
import { isSelected, nothingSelected, onSelection, select, selectionOf, withTags } from './selection-store'

test('tags are selected and deselected one by one', () => {
  const both = withTags(nothingSelected(), [{ tag: 'a' }, { tag: 'b' }], true)
  expect(['a', 'b', 'c'].filter((tag) => isSelected(both, tag))).toEqual(['a', 'b'])
  expect(isSelected(withTags(both, [{ tag: 'a' }], false), 'a')).toBe(false)
})

test('selects everything that a filter finds, except what was deselected', () => {
  const all = { by: 'filter', q: 'pr-', except: new Set<string>() } as const
  const some = withTags(all, [{ tag: 'pr-1' }], false)
  expect(['pr-1', 'pr-2'].filter((tag) => isSelected(some, tag))).toEqual(['pr-2'])
  expect(isSelected(withTags(some, [{ tag: 'pr-1' }], true), 'pr-1')).toBe(true)
})

test('keeps a selection per repository', () => {
  let told = 0
  const stop = onSelection(() => told++)
  select('hub/a', withTags(nothingSelected(), [{ tag: '1' }], true))
  stop()
  select('hub/b', nothingSelected())
  expect([isSelected(selectionOf('hub/a'), '1'), isSelected(selectionOf('hub/b'), '1'), told]).toEqual([true, false, 1])
})
