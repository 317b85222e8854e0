import { expect, test } from 'vitest'
import type { TagEvent } from '../../catalog/database/tag-events.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { foldEvents } from './history-entry.ts'

const AT = Date.UTC(2026, 4, 1, 12)

function deletion(id: number): TagEvent {
  return {
    registry: 'hub',
    repository: parseRepositoryName('team/api'),
    tag: parseTag(`1.${id}`),
    kind: 'gone',
    how: 'change',
    at: AT - id * 1_000,
    actor: 'ada',
  }
}

test('tags deleted together are one entry with one undo', () => {
  const events = [deletion(1), deletion(2), deletion(3)]
  const undoable = new Map(events.map((event) => [event, { id: `c${event.tag}`, plan: 'p' }]))
  expect(foldEvents(events, undoable)).toMatchObject([{ tagCount: 3, undo: { plan: 'p' } }])
})

test('an entry’s undo is about all of its tags: those restored already, and those of another plan, stand apart', () => {
  const events = [deletion(1), deletion(2), deletion(3), deletion(4)]
  const undoable = new Map([
    [events[0] as TagEvent, { id: 'c1', plan: 'p' }],
    [events[2] as TagEvent, { id: 'c3', plan: 'q' }],
    [events[3] as TagEvent, { id: 'c4', plan: 'q' }],
  ])
  const entries = foldEvents(events, undoable)
  expect(entries.map(({ tags, undo }) => [tags, undo])).toEqual([
    [['1.1'], { plan: 'p' }],
    [['1.2'], undefined],
    [['1.3', '1.4'], { plan: 'q' }],
  ])
})

test('the last entry of a page counts at least its tags: those on the next page may belong to it', () => {
  const other = { ...deletion(0), actor: 'olga' }
  const entries = foldEvents([other, deletion(1), deletion(2)], undefined, false)
  expect(entries.map(({ tagCount, isLowerBound }) => [tagCount, isLowerBound])).toEqual([
    [1, undefined],
    [2, true],
  ])
})
