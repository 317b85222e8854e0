import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { DatabaseCatalog } from './database-catalog.ts'
import { type RecordedManifest, recordManifests } from './record-manifests.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'

const NOW = Date.UTC(2026, 10, 29)
const place = { registry: 'hub', repository: parseRepositoryName('team/app') }
const tags = Array.from({ length: 10 }, (_, n) => parseTag(`1.${n}`))
const manifest = (digest: string): RecordedManifest => ({
  digest,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  type: 'image',
  bytes: 9,
  holds: { sbom: false, provenance: false },
  images: [],
})
const [before, after] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`]

describeEachDatabase('what two replicas notice at once', (databases) => {
  it('is one event, whether tags have moved or are gone', async () => {
    const location = await databases.create()
    const [one, other] = [await openStore(location), await openStore(location)]
    try {
      await recordManifests(one, [manifest(before), manifest(after)])
      const point = (store: typeof one, digest: string, at: number) =>
        recordTags(
          store,
          place,
          tags.map((tag) => ({ tag, digest })),
          { at, how: 'sync' },
        )
      const events = async () => {
        const { rows } = await sql<{ kind: string; count: number }>`
          select kind, count(*) as count from tag_event where kind <> 'seen' group by kind order by kind`.execute(
          one.read,
        )
        return rows.map(({ kind, count }) => `${kind} ${count}`)
      }
      for (let round = 1; round <= 10; round++) {
        await point(one, before, NOW + 10 * round)
        await Promise.all([one, other].map((store) => point(store, after, NOW + 10 * round + 1)))
        await Promise.all(
          [one, other].map((store) => recordGoneTags(store, place, tags, { at: NOW + 10 * round + 2, how: 'sync' })),
        )
      }
      expect(await events()).toEqual(['gone 100', 'moved 100'])
    } finally {
      await one.close()
      await other.close()
    }
  })
})

describeEachDatabase('a tag that changes while it is read', (databases) => {
  const [one, absent] = [parseTag('1.0'), parseTag('2.0')]
  /** A reading of one tag that was begun at a time, and recorded when it is called. */
  const setUp = async () => {
    const store = await openStore(await databases.create())
    await recordManifests(store, [manifest(before), manifest(after)])
    const began = Date.now() - 60_000
    const point = (tag: string, digest: string, askedAt: number) =>
      recordTags(store, place, [{ tag, digest, askedAt }], { at: began, how: 'sync' })
    await point(one, before, began)
    await point(absent, before, began)
    const events = async () => {
      const { rows } = await sql<{ kind: string; tag: string }>`
        select kind, tag from tag_event where kind not in ('seen', 'appeared') order by at, tag`.execute(store.read)
      return rows.map(({ kind, tag }) => `${tag} ${kind}`)
    }
    return { store, began, point, events }
  }

  it('is where the later reading saw it, whichever is recorded last', async () => {
    const { store, began, point, events } = await setUp()
    await point(one, after, began + 20_000)
    // Begun before the tag moved, and held up.
    await point(one, before, began + 10_000)
    expect(await events()).toEqual(['1.0 moved'])
    await point(one, before, began + 30_000)
    expect(await events()).toEqual(['1.0 moved', '1.0 moved'])
    await store.close()
  })

  it('has moved although a reading begun before is confirmed last', async () => {
    const { store, began, point, events } = await setUp()
    await new DatabaseCatalog(store).confirmTag(place, one, parseDigest(before), began + 10_000)
    await point(one, after, began + 20_000)
    expect(await events()).toEqual(['1.0 moved'])
    await store.close()
  })

  it('isn’t gone if it was read after it was found missing', async () => {
    const { store, began, point, events } = await setUp()
    await point(absent, before, began + 20_000)
    await recordGoneTags(store, place, [absent], { at: began, how: 'sync' }, began + 10_000)
    expect(await events()).toEqual([])
    await recordGoneTags(store, place, [absent], { at: began, how: 'sync' }, began + 30_000)
    expect(await events()).toEqual(['2.0 gone'])
    await store.close()
  })

  it('is recorded after a clock was set back, whatever time the last reading had', async () => {
    const { store, began, point, events } = await setUp()
    await point(one, after, began + 3_600_000)
    await point(one, before, began + 30_000)
    expect(await events()).toEqual(['1.0 moved', '1.0 moved'])
    await store.close()
  })
})
