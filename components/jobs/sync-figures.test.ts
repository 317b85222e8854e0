import { expect, it } from 'vitest'
import { parseRepositoryName } from '@/lib/oci/reference'
import { syncFigures } from './sync-figures'

const progress = (done: number, total: number) => ({ done, total, counts: { tags: 1_718 } })
const source = { registry: 'hub' }

it('a sync that found nothing due doesn’t look like a registry without repositories', () => {
  expect(syncFigures({ state: 'done', source, progress: { done: 0, total: 0, counts: {} } })).toBe(
    'No repository was due to be read again',
  )
})

it('a sync says that it counts the repositories that were due, and of one repository doesn’t', () => {
  expect(syncFigures({ state: 'done', source, progress: progress(7, 7) })).toBe('7 of 7 repositories due · 1,718 tags')
  const one = { ...source, repository: parseRepositoryName('team/app') }
  expect(syncFigures({ state: 'done', source: one, progress: progress(1, 1) })).toBe('1 of 1 repository · 1,718 tags')
})
