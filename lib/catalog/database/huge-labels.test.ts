import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { deleteAddedLabel, insertAddedLabel } from './added-labels.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { labelKeys, labelValues } from './label-keys.ts'
import { labelMatrix, matrixRows } from './label-matrix.ts'
import { labelTimeline } from './label-timeline.ts'
import { recordManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'
import { searchTags, typedQuery } from './search-tags.ts'
import { NOW } from './testing/sample-catalog.ts'
import type { Visibility } from './visibility.ts'

const KEYS = 12_000
const LONG = 'ü'.repeat(100_000)
const EVERYTHING: Visibility = new Map([['hub', ['**']]])
/** The same images, counted for their repository alone. */
const PART: Visibility = new Map([['hub', ['huge/*']]])
const digestOf = (at: number) => `sha256:${String(at).repeat(64)}`
const place = { registry: 'hub', repository: parseRepositoryName('huge/app') }

/** A value is as long as a config may be, and an image has as many labels as fit into it. */
describeEachDatabase('Labels of a huge image', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    const many = Array.from({ length: KEYS }, (_, at) => ({ key: `key-${at}`, value: 'x', origin: 'config' as const }))
    const twice = { key: 'key-0', value: 'y', origin: 'annotation' as const }
    const long = (end: string) => [{ key: 'long', value: LONG + end, origin: 'config' as const }]
    const images = [[...many, twice], long('a'), long('b')]
    await recordManifests(
      store,
      images.map((labels, at) => {
        const own = { digest: digestOf(at), mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: 1 }
        return { ...own, type: 'image', created: NOW, images: [{ ...own, created: NOW, blobs: [], labels }] }
      }),
    )
    const sightings = images.map((_, at) => ({ tag: String(at), digest: digestOf(at) }))
    await recordTags(store, place, sightings, { at: NOW, how: 'sync' })
    await recordTags(store, { ...place, repository: parseRepositoryName('small/app') }, [], { at: NOW, how: 'sync' })
  })
  afterAll(() => store?.close())

  it.each([
    ['everything', EVERYTHING],
    ['a part', PART],
  ])('are counted whole in %s, however few of them are asked for', async (_, visibility) => {
    const { keys, total } = await labelKeys(database, visibility, 3)
    expect(total).toBe(KEYS + 1)
    expect(keys).toEqual([
      { key: 'long', images: 2, values: 2 },
      { key: 'key-0', images: 1, values: 2 },
      { key: 'key-1', images: 1, values: 1 },
    ])
    const all = await labelKeys(database, visibility, 1_000_000)
    expect(new Set(all.keys.map(({ key }) => key)).size).toBe(KEYS + 1)
  })

  it.each([
    ['everything', EVERYTHING],
    ['a part', PART],
  ])('keep the counts of their images where people added them, in %s', async (_, visibility) => {
    const added = [
      { key: 'key-8', on: 1 },
      { key: 'key-8', on: 2 },
      { key: 'added', on: 1 },
    ].map(({ key, on }) => ({
      id: randomUUID(),
      digest: parseDigest(digestOf(on)),
      key,
      value: 'x',
      mediaType: 'text/plain' as const,
      source: 'ui' as const,
      createdBy: 'ada',
      createdAt: NOW,
    }))
    for (const label of added) await insertAddedLabel(store, place, label)
    const found = await labelKeys(database, visibility, 3)
    for (const { id } of added) await deleteAddedLabel(store, place, id)
    expect(found).toEqual({
      keys: [
        { key: 'long', images: 2, values: 2 },
        { key: 'added', images: 1, values: 1, added: 1 },
        { key: 'key-0', images: 1, values: 2 },
      ],
      total: KEYS + 2,
    })
  })

  it('are cut where a page shows them, and stay different', async () => {
    const search = { query: typedQuery('label:long').query, visibility: EVERYTHING, now: NOW } as const
    const paged = { ...search, sort: 'repository', limit: 10 } as const
    const { tags } = await searchTags(database, paged)
    const { rows } = await labelMatrix(database, paged, ['long'])
    const { periods } = await labelTimeline(database, search, 'long')
    const cells = [...rows.flatMap((row) => row.cells), ...periods.map(({ cell }) => cell)]
    const listed = await Promise.all(
      [EVERYTHING, PART].map((visibility) =>
        labelValues(database, { visibility, key: 'long', limit: 10, longest: 1_000 }),
      ),
    )
    const shown = {
      results: tags.flatMap(({ labels }) => labels.map(({ value }) => value)),
      cells: cells.map((cell) => (cell.state === 'value' ? cell.value : '')),
      'values of everything': listed[0]?.map(({ value }) => value) ?? [],
      'values of a part': listed[1]?.map(({ value }) => value) ?? [],
    }
    for (const [name, values] of Object.entries(shown)) {
      expect(new Set(values).size, name).toBe(2)
      for (const value of values) {
        expect(value.length, name).toBeLessThan(1_100)
        expect(value.startsWith('ü'.repeat(1_000)), name).toBe(true)
      }
    }
  })

  it('are exported whole', async () => {
    const paged = {
      query: typedQuery('label:long').query,
      visibility: EVERYTHING,
      now: NOW,
      sort: 'repository',
    } as const
    const { tags } = await searchTags(database, { ...paged, limit: 10 })
    const rows = await matrixRows(database, tags, ['long'])
    const values = await labelValues(database, { visibility: EVERYTHING, key: 'long', limit: 10 })
    const expected = [`${LONG}a`, `${LONG}b`]
    expect(rows.map(({ cells: [cell] }) => cell?.state === 'value' && cell.value).sort()).toEqual(expected)
    expect(values.map(({ value }) => value).sort()).toEqual(expected)
  })

  it('have keys of a bounded length, and two that begin alike stay different', async () => {
    const elsewhere = { ...place, repository: parseRepositoryName('keys/app') }
    const labels = ['a', 'b'].map((end) => ({ key: `${LONG}${end}`, value: end, origin: 'config' as const }))
    const own = { digest: digestOf(7), mediaType: 'application/vnd.oci.image.manifest.v1+json', bytes: 1 }
    const image = {
      ...own,
      type: 'image',
      created: NOW,
      images: [{ ...own, created: NOW, blobs: [], labels }],
    } as const
    await recordManifests(store, [image])
    await recordTags(store, elsewhere, [{ tag: '1', digest: own.digest }], { at: NOW, how: 'sync' })
    const visibility: Visibility = new Map([['hub', ['keys/*']]])
    const { keys } = await labelKeys(database, visibility)
    expect(keys).toMatchObject([{ images: 1 }, { images: 1 }])
    for (const { key } of keys) {
      expect(key.length).toBeLessThan(400)
      expect(await labelValues(database, { visibility, key, limit: 10 })).toMatchObject([{ images: 1 }])
    }
    expect(new Set(keys.map(({ key }) => key)).size).toBe(2)
  })
})
