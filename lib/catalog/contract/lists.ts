import { expect, it } from 'vitest'
import { isReferrersTag } from '../../image/referrers/referrers-tag.ts'
import type { CatalogCandidate } from './catalog-candidate.ts'
import { digest, listOf, names, record, tags } from './samples.ts'

export function listsContract(candidate: () => CatalogCandidate): void {
  it('distinguishes what was never listed from an empty list', async () => {
    const { catalog, place } = candidate()
    expect(await catalog.repositories('hub')).toBeUndefined()
    expect(await catalog.tags(place)).toBeUndefined()
    await catalog.recordRepositories('hub', { sorted: [] })
    expect((await catalog.repositories('hub'))?.value.sorted).toEqual([])
    await catalog.recordRepository(place)
    await catalog.recordTags(place, listOf())
    expect((await catalog.tags(place))?.value.tags).toEqual([])
  })

  it('keeps the repositories of each registry apart', async () => {
    const { catalog } = candidate()
    await catalog.recordRepositories('hub', { sorted: names('a', 'b/c') })
    await catalog.recordRepositories('mirror', { sorted: names('a'), partial: 'stopped after 1' })
    expect((await catalog.repositories('hub'))?.value).toEqual({ sorted: ['a', 'b/c'] })
    expect((await catalog.repositories('mirror'))?.value).toEqual({ sorted: ['a'], partial: 'stopped after 1' })
  })

  it('inserts a repository that no list names, ordered by code unit', async () => {
    const { catalog, place } = candidate()
    await catalog.recordRepositories('hub', { sorted: names('team-b', 'zoo'), partial: 'no catalog' })
    await catalog.recordRepository(place)
    expect((await catalog.repositories('hub'))?.value.sorted).toEqual(['team-b', 'team/app', 'zoo'])
    await catalog.recordRepositories('hub', { sorted: names('zoo'), partial: 'no catalog' })
    expect((await catalog.repositories('hub'))?.value.sorted).toEqual(['team/app', 'zoo'])
  })

  it('shows repositories recorded one by one where the registry was never listed, as a partial list', async () => {
    const { catalog, place } = candidate()
    await catalog.recordRepository(place)
    const seen = await catalog.repositories('hub')
    expect(seen?.value).toEqual({ sorted: ['team/app'], partial: expect.any(String) })
    expect(seen?.age).toBe(Number.POSITIVE_INFINITY)
  })

  it('returns the same list object while nothing changes', async () => {
    const { catalog, place } = candidate()
    await catalog.recordRepositories('hub', { sorted: names('team/app', 'zoo') })
    const first = (await catalog.repositories('hub'))?.value
    await catalog.recordRepository(place)
    await catalog.changed(place)
    expect((await catalog.repositories('hub'))?.value).toBe(first)
  })

  it('drops it again once a complete list lacks it', async () => {
    const { catalog, place } = candidate()
    await catalog.recordRepository(place)
    await catalog.recordRepositories('hub', { sorted: names('zoo') })
    expect((await catalog.repositories('hub'))?.value.sorted).toEqual(['zoo'])
  })

  it('keeps the facts that a list of tags gives besides names', async () => {
    const { catalog, place, other } = candidate()
    const folded = tags(`sha256-${'0'.repeat(64)}.sig`)
    expect(folded.every(isReferrersTag)).toBe(true)
    const times = new Map([[tags('1')[0] ?? never(), '2026-02-01T00:00:00Z']])
    const list = { tags: tags('1', 'Latest'), folded, partial: 'page 3 failed', pushed: { source: 'gcr.io', times } }
    await catalog.recordTags(place, list)
    await catalog.recordTags(other, listOf('9'))
    expect((await catalog.tags(place))?.value).toEqual(list)
    expect((await catalog.tags(other))?.value).toEqual(listOf('9'))
  })

  it('counts the tags of the last list, and those with a record', async () => {
    const { catalog, place, other } = candidate()
    await catalog.recordTags(place, listOf('1', '2'))
    for (const tag of tags('2', 'not-listed')) await catalog.recordTag(place, tag, record(tag, 'a'))
    expect((await catalog.tagCounts(place))?.value).toEqual({ total: 2, known: 1 })
    await catalog.recordTags(place, { ...listOf('1', '2'), partial: 'page 2 failed' })
    expect((await catalog.tagCounts(place))?.value).toEqual({ total: 2, known: 1, partial: 'page 2 failed' })
    expect(await catalog.tagCounts(other)).toBeUndefined()
  })

  it('forgets targets of tags that a complete list lacks, but none for a partial list', async () => {
    const { catalog, place } = candidate()
    const [one, two] = tags('1', '2') as [never, never]
    await catalog.recordTags(place, listOf('1', '2'))
    for (const tag of [one, two]) await catalog.recordTag(place, tag, record(tag, 'a'))
    await catalog.recordTags(place, { ...listOf('1'), partial: 'the connection was lost' })
    expect([...(await catalog.tagRecords(place, [one, two])).keys()]).toEqual([one, two])
    await catalog.recordTags(place, listOf('1'))
    expect([...(await catalog.tagRecords(place, [one, two])).keys()]).toEqual([one])
    expect((await catalog.tagsOn(place, [digest('a')])).get(digest('a'))?.map(({ value }) => value)).toEqual(['1'])
  })
}

function never(): never {
  throw new Error('unreachable')
}
