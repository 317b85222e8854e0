import { expect, it } from 'vitest'
import { nothingKnown } from './nothing-known'

it('says that nothing was read only until every registry was synced', () => {
  const syncedAt = '2026-11-29T00:00:00.000Z'
  for (const ages of [[], [{}], [{ syncedAt }, {}]]) expect(nothingKnown(ages)).toMatch(/^Nothing has been read yet/)
  expect(nothingKnown([{ syncedAt }, { syncedAt }])).toBe('No repository that you can see has a tag.')
})
