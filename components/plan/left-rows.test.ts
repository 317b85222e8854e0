import { expect, test } from 'vitest'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { leftRows } from './left-rows'

const none = { images: 0, tags: 0 }
const tags = (count: number) => ({ images: count, tags: count })

test('every tag that a plan didn’t delete is accounted for, also those that a part of an undo put back', () => {
  const counts = {
    planned: tags(30),
    done: tags(18),
    restored: tags(7),
    failed: tags(2),
    moved: tags(1),
    waiting: tags(2),
    protected: none,
    skipped: none,
    unticked: none,
  }
  const rows = leftRows({ plan: { tagsBefore: 35 }, counts, protectedBy: [] } as unknown as PlanPage)
  expect(rows.map(({ name, count }) => `${name}: ${count}`)).toEqual([
    'Not selected: 5',
    'Failed or skipped in the run: 3',
    'Restored: 7',
    'Not tried: 2',
  ])
})
