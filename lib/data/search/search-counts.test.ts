import { expect, test, vi } from 'vitest'
import { anna } from '../testing/configure.ts'
import { recordHub, recordTagOfHub } from '../testing/record-hub.ts'

// The facets are read once the page is, and a sync has recorded another tag in between.
const between = vi.hoisted(() => Promise.withResolvers<void>())
vi.mock('../../catalog/database/search-tags.ts', async (original) => {
  const actual = await original<typeof import('../../catalog/database/search-tags.ts')>()
  const searchTags: typeof actual.searchTags = async (...asked) => {
    const page = await actual.searchTags(...asked)
    await recordTagOfHub('team/api', '3.0')
    between.resolve()
    return page
  }
  return { ...actual, searchTags }
})
vi.mock('../../catalog/database/search-facets.ts', async (original) => {
  const actual = await original<typeof import('../../catalog/database/search-facets.ts')>()
  const searchFacets: typeof actual.searchFacets = async (...asked) => {
    await between.promise
    return actual.searchFacets(...asked)
  }
  return { ...actual, searchFacets }
})

recordHub([['team/api', { tags: ['1.0', '2.0'] }]])

test('a search counts the tags that it lists, although the catalog changes while it is read', async () => {
  const { readSearch } = await import('./read-search.ts')
  const { groups, counts } = await readSearch(anna, { q: '', sort: 'repository', seen: 0, open: [] })
  expect(groups.map(({ tags, found }) => [tags.length, found])).toEqual([[2, 2]])
  expect(counts).toMatchObject({ tags: 2, repositories: 1 })
})
