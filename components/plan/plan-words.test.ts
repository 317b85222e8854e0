import { expect, test } from 'vitest'
import type { PlanPage } from '@/lib/data/plans/read-plan'
import { introOf, leftBehind, mayContinue, runShows, shownCount, stillThereText, titleOf } from './plan-words'

const none = { images: 0, tags: 0 }
const counts = {
  imagesDeleted: none,
  imagesKept: none,
  created: none,
  repointed: none,
  labelled: none,
  protected: none,
  skipped: none,
  unticked: none,
  planned: none,
  done: none,
  failed: none,
  moved: none,
  waiting: none,
  restored: none,
  undoable: none,
}

function pageOf(plan: Partial<PlanPage['plan']>, some: Partial<typeof counts> = {}): PlanPage {
  return {
    plan: { work: 'delete', leftOut: 0, tagsBefore: 9, ...plan },
    counts: { ...counts, ...some },
  } as PlanPage
}

const intro = (...page: Parameters<typeof pageOf>) => introOf(pageOf(...page))

test.each([
  [0, true, 'no other tag'],
  [1, true, 'the other tag, on its image'],
  [1, false, 'the only tag, on its image'],
  [3, true, 'the other 3 tags, each on its image'],
  [3, false, 'all 3 tags, each on its image'],
])('says of %i tags what is still there', (tags, hasDeleted, text) => {
  expect(stillThereText(tags, hasDeleted)).toBe(text)
})

test('a plan says that there may be more untagged images than it takes, before and after its run', () => {
  const untagged = { work: 'untagged', hasMore: true } as const
  for (const state of ['draft', 'finished'] as const)
    expect(intro({ ...untagged, state })).toContain('There may be more images without a tag')
  expect(intro({ work: 'untagged', state: 'draft' })).not.toContain('more')
})

test('what a run hasn’t tried may only continue before its end', () => {
  const startedAt = '2026-01-02T03:04:05Z'
  for (const state of ['running', 'paused'] as const) expect(mayContinue({ state, startedAt })).toBe(true)
  for (const state of ['cancelled', 'finished', 'undoing', 'undone'] as const)
    expect(mayContinue({ state, startedAt })).toBe(false)
  expect(mayContinue({ state: 'draft' })).toBe(true)
})

test('a run offers to list what wasn’t tried or was restored only where there is any', () => {
  expect(runShows(counts)).toEqual(['attention', 'done'])
  const some = { images: 1, tags: 1 }
  expect(runShows({ ...counts, restored: some, waiting: some })).toEqual(['attention', 'done', 'restored', 'waiting'])
})

test('each list of a plan says how much is in it, in what the plan is about', () => {
  const numbers = {
    ...counts,
    planned: { images: 3, tags: 9 },
    imagesDeleted: { images: 2, tags: 7 },
    imagesKept: { images: 1, tags: 2 },
    protected: { images: 1, tags: 4 },
    failed: { images: 1, tags: 2 },
    moved: { images: 1, tags: 1 },
  }
  const shown = (work: PlanPage['plan']['work'], show: Parameters<typeof shownCount>[1]) =>
    shownCount({ plan: { work } as PlanPage['plan'], counts: numbers }, show)
  expect((['all', 'image', 'tags', 'left', 'attention'] as const).map((show) => shown('delete', show))).toEqual([
    13, 2, 2, 4, 3,
  ])
  expect(shown('untagged', 'all')).toBe(4)
})

test('a run that has ended retries what failed, and neither waits for the rest nor promises it', () => {
  const retried = { state: 'running', startedAt: '2026-01-02T03:04:05Z', endedAt: '2026-01-02T04:04:05Z' } as const
  expect(mayContinue(retried)).toBe(false)
  const repository = 'ci/builds' as PlanPage['plan']['repository']
  const title = titleOf(pageOf({ ...retried, repository }, { planned: { images: 400, tags: 400 } }))
  expect(title).toBe('Retrying failed tags of ci/builds')
})

test('an undo that left something says how much it restored, and one that left nothing that all is back', () => {
  const some = { done: { images: 1, tags: 2 }, restored: { images: 3, tags: 4 } }
  expect(intro({ state: 'finished' }, some)).toContain('4 tags were restored since.')
  expect(intro({ state: 'undone' }, { restored: some.restored })).toMatch(/^Everything that was deleted is back/)
  expect(intro({ state: 'undone' }, some)).toBe('2 tags weren’t undone: the list says why.')
})

test('a stopped plan of a large retention run says how much was left to the next run', () => {
  const plan = { startedAt: '2026-01-02T03:04:05Z', policy: 'nightly', beyond: 12_000 } as const
  const waiting = { images: 5, tags: 7 }
  const left = '12,000 more tags of the policy nightly are left to its next run.'
  expect(intro({ ...plan, state: 'paused' }, { waiting })).toBe(`7 tags are still waiting. ${left}`)
  expect(intro({ ...plan, state: 'cancelled' }, { waiting })).toBe(`7 tags were not tried. ${left}`)
  expect(intro({ ...plan, state: 'finished' })).not.toContain('left')
})

test('a plan by a query says how many tags of it were left out', () => {
  expect(intro({ state: 'draft', query: 'pr-*', leftOut: 1_200 })).toContain('Tags that match pr-*, except 1,200.')
})

test('a deletion says what it leaves behind, and not that it leaves what is in the plan', () => {
  const held = { attachments: 2, platforms: 3 }
  expect(leftBehind(held, { work: 'delete' })).toBe('2 attachments left without their image, 3 platforms left untagged')
  expect(leftBehind({ attachments: 1, platforms: 3 }, { work: 'untagged' })).toBe('1 attachment left without its image')
})

test('a plan from a query says how many tags the query can’t judge', () => {
  const plan = { state: 'draft', work: 'delete', query: 'label:team', unjudged: 2 } as const
  expect(introOf(pageOf(plan))).toContain('The query can’t judge 2 tags, so they’re skipped: the list says why.')
  expect(introOf(pageOf({ ...plan, unjudged: undefined }))).not.toContain('judge')
})
