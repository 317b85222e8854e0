import { expect, it } from 'vitest'
import type { CatalogCandidate } from './catalog-candidate.ts'
import { digest, listOf, names, one, query, record } from './samples.ts'

export function agesContract(candidate: () => CatalogCandidate): void {
  const stock = async () => {
    const { catalog, place } = candidate()
    await catalog.recordRepositories('hub', { sorted: names('team/app') })
    await catalog.recordTags(place, listOf('1'))
    await catalog.recordTag(place, one, record('1', 'a'))
    await catalog.recordReferrerCounts(place, 'x', { signature: 1, attestation: 0, sbom: 0, artifact: 0 })
  }
  const answers = async () => {
    const { catalog, place } = candidate()
    return [
      await catalog.repositories('hub'),
      await catalog.tags(place),
      await catalog.tagCounts(place),
      await catalog.tagPage(place, query()),
      await catalog.imagePage(place, query()),
      (await catalog.tagRecords(place, [one])).get(one),
      (await catalog.tagsOn(place, [digest('a')])).get(digest('a'))?.[0],
      await catalog.referrerCounts(place, 'x'),
    ]
  }

  it('says of every answer when it was seen and how old it is', async () => {
    const { clock } = candidate()
    const seenAt = clock.now()
    await stock()
    clock.pass(90_000)
    for (const answer of await answers()) expect(answer).toMatchObject({ seenAt, age: 90_000 })
  })

  it('setting the clock back makes nothing younger, and forward nothing negative', async () => {
    const { clock } = candidate()
    await stock()
    clock.pass(60_000)
    clock.set(-24 * 3_600_000)
    for (const answer of await answers()) expect(answer?.age).toBeGreaterThanOrEqual(60_000)
    await stock()
    clock.set(48 * 3_600_000)
    for (const answer of await answers()) expect(answer?.age).toBeGreaterThanOrEqual(0)
  })

  it('keeps everything of a repository readable after a change, but infinitely old', async () => {
    const { catalog, place, other } = candidate()
    await stock()
    await catalog.recordTags(other, listOf('1'))
    await catalog.changed(place)
    for (const answer of await answers()) {
      expect(answer?.value).toBeDefined()
      expect(answer?.age).toBe(Number.POSITIVE_INFINITY)
    }
    expect((await catalog.tags(other))?.age).toBe(0)
    await stock()
    for (const answer of await answers()) expect(answer?.age).toBe(0)
  })

  it('keeps a list that was begun before a change, infinitely old', async () => {
    const { catalog, place } = candidate()
    await stock()
    await catalog.recordRepositories('hub', { sorted: names('team/app', 'team/new') }, true)
    await catalog.recordTags(place, listOf('1', '2'), true)
    const lists = [await catalog.repositories('hub'), await catalog.tags(place)]
    for (const list of lists) expect(list?.age).toBe(Number.POSITIVE_INFINITY)
    expect(lists).toMatchObject([{ value: { sorted: ['team/app', 'team/new'] } }, { value: { tags: ['1', '2'] } }])
  })

  it('says when everything was last seen, also after a change and a list that could not be read again', async () => {
    const { catalog, clock, place } = candidate()
    const seenAt = clock.now()
    await stock()
    clock.pass(3 * 3_600_000)
    await catalog.changed(place)
    await catalog.registryChanged('hub')
    for (const answer of await answers()) expect(answer).toMatchObject({ seenAt, age: Number.POSITIVE_INFINITY })
  })

  it('a registry to be listed again has an old list with the same repositories', async () => {
    const { catalog, place } = candidate()
    await stock()
    await catalog.registryChanged('hub')
    expect((await catalog.repositories('hub'))?.age).toBe(Number.POSITIVE_INFINITY)
    expect((await catalog.tags(place))?.age).toBe(0)
    await catalog.registryChanged('nobody')
    expect(await catalog.repositories('nobody')).toBeUndefined()
  })
}
