import { expect, it } from 'vitest'
import { parseTag } from '../../oci/reference.ts'
import type { CatalogCandidate } from './catalog-candidate.ts'
import { digest, listOf, query, record } from './samples.ts'

export function imagesContract(candidate: () => CatalogCandidate): void {
  const stock = async () => {
    const { catalog, place } = candidate()
    await catalog.recordTags(place, listOf('1', '1.4', '1.4.2', '1.3', 'latest', 'unread'))
    for (const tag of ['1', '1.4', '1.4.2', 'latest']) await catalog.recordTag(place, parseTag(tag), record(tag, 'a'))
    await catalog.recordTag(place, parseTag('1.3'), record('1.3', 'b'))
  }

  it('lists each digest once, with all its tags, in place of its first tag', async () => {
    const { catalog, place } = candidate()
    await stock()
    const page = await catalog.imagePage(place, query())
    expect(page?.value).toEqual({
      images: [
        { digest: digest('a'), tags: ['1.4.2', '1.4', '1', 'latest'] },
        { digest: digest('b'), tags: ['1.3'] },
      ],
      matching: 2,
      total: 6,
      known: 5,
    })
  })

  it('filters by any of the tags and shows the others too', async () => {
    const { catalog, place } = candidate()
    await stock()
    const page = await catalog.imagePage(place, query({ filter: { words: ['latest'] } }))
    expect(page?.value).toMatchObject({ images: [{ tags: ['1.4.2', '1.4', '1', 'latest'] }], matching: 1 })
  })

  it('pages by digest', async () => {
    const { catalog, place } = candidate()
    await stock()
    const page = await catalog.imagePage(place, query({ direction: 'asc', offset: 1, limit: 1 }))
    expect(page?.value).toMatchObject({ images: [{ digest: digest('b') }], matching: 2 })
    expect(await catalog.imagePage(candidate().other, query())).toBeUndefined()
  })
}
