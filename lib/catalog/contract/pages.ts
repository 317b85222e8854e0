import { expect, it } from 'vitest'
import { parseTag } from '../../oci/reference.ts'
import type { TagQuery } from '../catalog.ts'
import type { CatalogCandidate } from './catalog-candidate.ts'
import { listOf, query, record } from './samples.ts'

const LISTED = ['1.10.0', 'edge', '1.9.0', 'Edge', '1.2.0-rc.1', '1.2.0', 'latest', 'v1.2.0']

export function pagesContract(candidate: () => CatalogCandidate): void {
  const pageOf = async (given: Partial<TagQuery>) => {
    const { catalog, place } = candidate()
    return (await catalog.tagPage(place, query(given)))?.value
  }
  const listed = () => candidate().catalog.recordTags(candidate().place, listOf(...LISTED))

  it('has no page of what was never listed', async () => {
    await candidate().catalog.recordTag(candidate().place, parseTag('1'), record('1', 'a'))
    expect(await pageOf({})).toBeUndefined()
  })

  it('sorts by natural version order, ties by name, and non-versions last in both directions', async () => {
    await listed()
    const down = ['1.10.0', '1.9.0', '1.2.0', 'v1.2.0', '1.2.0-rc.1', 'latest', 'edge', 'Edge']
    expect((await pageOf({}))?.tags).toEqual(down)
    const up = ['1.2.0-rc.1', '1.2.0', 'v1.2.0', '1.9.0', '1.10.0', 'Edge', 'edge', 'latest']
    expect((await pageOf({ direction: 'asc' }))?.tags).toEqual(up)
  })

  it('sorts by name by code unit', async () => {
    await listed()
    expect((await pageOf({ sort: 'name', direction: 'asc' }))?.tags).toEqual([...LISTED].sort())
    expect((await pageOf({ sort: 'name', direction: 'desc' }))?.tags).toEqual([...LISTED].sort().reverse())
  })

  it('sorts by creation and size, unknown ones last, ties by version ascending', async () => {
    const { catalog, place } = candidate()
    await catalog.recordTags(place, listOf('1', '2', '3', '4', '5'))
    const known = { 1: [20, '2026-01-03'], 2: [10, '2026-01-01'], 4: [20, '2026-01-02T23:00:00-02:00'] } as const
    for (const [tag, [size, created]] of Object.entries(known))
      await catalog.recordTag(place, parseTag(tag), record(tag, tag, { size, created }))
    await catalog.recordTag(place, parseTag('5'), record('5', '5'))
    expect((await pageOf({ sort: 'size', direction: 'desc' }))?.tags).toEqual(['1', '4', '2', '3', '5'])
    expect((await pageOf({ sort: 'size', direction: 'asc' }))?.tags).toEqual(['2', '1', '4', '3', '5'])
    expect((await pageOf({ sort: 'created', direction: 'desc' }))?.tags).toEqual(['4', '1', '2', '3', '5'])
    expect((await pageOf({ sort: 'created', direction: 'asc' }))?.tags).toEqual(['2', '1', '4', '3', '5'])
  })

  it('filters by words, globs and patterns, and counts before it cuts', async () => {
    await listed()
    expect(await pageOf({ filter: { words: ['EDGE'] } })).toMatchObject({
      tags: ['edge', 'Edge'],
      matching: 2,
      total: 8,
    })
    expect((await pageOf({ filter: { glob: '**/1.?.0' } }))?.tags).toEqual(['1.9.0', '1.2.0'])
    const some = await pageOf({ filter: { pattern: '^v?1\\.2' }, offset: 1, limit: 1 })
    expect(some).toMatchObject({ tags: ['v1.2.0'], matching: 3, total: 8, hasLatest: true })
    await expect(pageOf({ filter: { pattern: '(' } })).rejects.toMatchObject({ code: 'pattern' })
  })

  it('pages without repeating or losing a tag', async () => {
    const { catalog, place } = candidate()
    const all = Array.from({ length: 25 }, (_, index) => `1.${index % 5}-${index}`)
    await catalog.recordTags(place, listOf(...all))
    const pages = await Promise.all([0, 10, 20, 30].map((offset) => pageOf({ offset, limit: 10 })))
    expect(pages.map((page) => page?.tags.length)).toEqual([10, 10, 5, 0])
    expect(new Set(pages.flatMap((page) => page?.tags))).toEqual(new Set(all))
  })

  it('counts what is known, so that an unfinished order isn’t mistaken for a final one', async () => {
    const { catalog, place } = candidate()
    await catalog.recordTags(place, { ...listOf('1.0', '1.1', '2.0'), folded: [parseTag('f')], partial: 'cut' })
    await catalog.recordTag(place, parseTag('1.1'), record('1.1', 'a'))
    await catalog.recordTag(place, parseTag('2.0'), { ok: false, error: new Error('unreadable') })
    await catalog.recordTag(place, parseTag('not-listed'), record('not-listed', 'a'))
    const counts = { known: 2, knownTotal: 2, total: 3, folded: 1, partial: 'cut', hasLatest: false }
    expect(await pageOf({})).toMatchObject(counts)
    expect(await pageOf({ filter: { words: ['1.'] } })).toMatchObject({ known: 1, knownTotal: 2, matching: 2 })
  })

  it('shows a later list at once, with added and removed tags', async () => {
    const { catalog, place } = candidate()
    await listed()
    await pageOf({})
    await catalog.recordTags(place, listOf('1.9.0', '1.11.0', '1.10.0', 'beta'))
    expect((await pageOf({}))?.tags).toEqual(['1.11.0', '1.10.0', '1.9.0', 'beta'])
  })

  it('names the newest tag only when the list and all records are complete', async () => {
    const { catalog, place } = candidate()
    const created = { created: '2026-02-01T00:00:00Z' }
    await catalog.recordTags(place, listOf('1', '2'))
    await catalog.recordTag(place, parseTag('1'), record('1', 'a', created))
    expect(await catalog.newestTag(place)).toBeUndefined()
    await catalog.recordTag(place, parseTag('2'), record('2', 'b', { created: '2026-01-01T00:00:00Z' }))
    expect(await catalog.newestTag(place)).toMatchObject({
      tag: '1',
      evidence: 'image-created',
      compared: 2,
      unknown: 0,
    })
    await catalog.recordTags(place, { ...listOf('1', '2'), partial: 'cut' })
    expect(await catalog.newestTag(place)).toBeUndefined()
  })

  it('names the newest of tags on one image by its full version', async () => {
    const { catalog, place } = candidate()
    const tags = ['1', '1.5', '1.5.0', 'latest']
    await catalog.recordTags(place, listOf(...tags))
    for (const name of tags)
      await catalog.recordTag(place, parseTag(name), record(name, 'a', { created: '2026-02-01T00:00:00Z' }))
    expect(await catalog.newestTag(place)).toMatchObject({ tag: '1.5.0' })
  })

  it('uses push times where the registry reports them', async () => {
    const { catalog, place } = candidate()
    const times = new Map([[parseTag('1'), '2026-02-01T00:00:00Z']])
    await catalog.recordTags(place, { ...listOf('1', '2'), pushed: { source: 'gcr.io', times } })
    expect(await catalog.newestTag(place)).toMatchObject({ tag: '1', evidence: 'pushed', source: 'gcr.io', unknown: 1 })
  })
}
