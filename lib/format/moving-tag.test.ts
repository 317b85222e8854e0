import { expect, test } from 'vitest'
import { isMovingTag, movingFirst, movingTags } from './moving-tag.ts'

test('short versions are moving if a longer one is on the same image', () => {
  expect(isMovingTag('1.4', ['1.4.2', '1.4'])).toBe(true)
  expect(isMovingTag('v1', ['v1.4.2'])).toBe(true)
  expect(isMovingTag('1234', ['1234'])).toBe(false)
  expect(isMovingTag('1.4', ['1.40.0'])).toBe(false)
})

test('a tag is moving beside the tags of its image where it is among those of its repository', () => {
  for (const other of ['1.x', '1.alpine', '1.4', '1.4.2', '1.40.0'])
    for (const tag of ['1', '1.4'])
      expect([other, tag, isMovingTag(tag, [other])]).toEqual([other, tag, movingTags([tag, other]).includes(tag)])
})

test('moving tags come first, names before versions, and the others keep their order', () => {
  expect(movingFirst(['1.4.2', '1.4', '1', 'stable', 'customer-north', 'latest']).map(({ tag }) => tag)).toEqual([
    'latest',
    'stable',
    '1',
    '1.4',
    '1.4.2',
    'customer-north',
  ])
})

test('puts well-known moving tags before everything else', () => {
  const tags = ['4.12.1', '4.12.0', '4.11.3', '4.9', '4.9.6', '4.10', '4.10.2', '4.12', '4', '4.11', 'main', 'latest']
  expect(movingTags([...tags, '22', 'pr-1', 'mainframe', 'stable'])).toEqual([
    'latest',
    'stable',
    'main',
    '4',
    '4.12',
    '4.11',
    '4.10',
  ])
})

test('short versions without a longer one are releases', () => {
  expect(movingTags(['22.04', '24.04', '20', 'jammy'])).toEqual([])
  expect(movingTags(['v1', 'v1.4', 'v1.4.2', 'v1.40.0'])).toEqual(['v1', 'v1.4'])
})
