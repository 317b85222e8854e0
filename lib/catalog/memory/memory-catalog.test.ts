import { expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { describeCatalog } from '../contract/catalog-contract.ts'
import { listOf, record } from '../contract/samples.ts'
import { MemoryCatalog } from './memory-catalog.ts'
import { RECORDS_KEPT } from './repository-memory.ts'

describeCatalog('the catalog in memory', async (clock) => ({
  catalog: new MemoryCatalog({ clock }),
  close: async () => undefined,
}))

test('evicts the least recently used repositories when the memory is full', async () => {
  const catalog = new MemoryCatalog({ limit: 100_000 })
  const places = Array.from({ length: 20 }, (_, index) => ({
    registry: 'hub',
    repository: parseRepositoryName(`team/app${index}`),
  }))
  for (const place of places) {
    await catalog.recordTags(place, listOf(...Array.from({ length: 100 }, (_, index) => `1.${index}`)))
    await catalog.tags(places[0] ?? place)
    expect(catalog.bytes).toBeLessThanOrEqual(100_000)
  }
  const kept = await Promise.all(places.map(async (place) => (await catalog.tags(place)) !== undefined))
  expect([kept.at(0), kept.at(1), kept.at(-1)]).toEqual([true, false, true])
})

test('limits the records of one repository, evicting the oldest', async () => {
  const catalog = new MemoryCatalog()
  const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
  const tags = Array.from({ length: RECORDS_KEPT + 10 }, (_, index) => parseTag(`t${1_000_000 + index}`))
  await catalog.recordTags(place, { tags, folded: [] })
  for (const tag of tags) await catalog.recordTag(place, tag, record(tag, 'a'))
  expect(await catalog.unknownTags(place, undefined, 20)).toEqual(tags.slice(0, 10))
})
