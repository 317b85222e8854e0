import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { holdLease } from '../../store/leases/lease.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { insertAddedLabel, listAddedLabels } from './added-labels.ts'
import { catalogDatabase } from './catalog-database.ts'
import { emptyCatalog } from './empty-catalog.ts'
import { type CatalogRecord, exportRecords } from './export-records.ts'
import { pruneEvents } from './prune-events.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'
import { tagsAsOf } from './tags-as-of.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, sampleTags } from './testing/sample-catalog.ts'

const DAY = 86_400_000
const place = { registry: 'hub', repository: parseRepositoryName('team-a/past') }
const [one = '', two = ''] = sampleTags.map(({ digest }) => digest)
const visibility = new Map([['hub', ['**']]])

describeEachDatabase('The catalog', (databases) => {
  let store: Store | undefined
  afterEach(() => store?.close())

  async function filled() {
    store = await openStore(await databases.create())
    await fillSample(store, sampleTags)
    await recordTags(store, place, [{ tag: 'latest', digest: one }], { at: NOW, how: 'sync' })
    await recordTags(store, place, [{ tag: 'gone', digest: one }], { at: NOW, how: 'sync' })
    await recordTags(store, place, [{ tag: 'latest', digest: two }], { at: NOW + DAY, how: 'change', actor: 'ada' })
    await recordGoneTags(store, place, ['gone'], { at: NOW + 3 * DAY, how: 'sync' })
    return store
  }

  const label = {
    id: randomUUID(),
    digest: parseDigest(one),
    key: 'note',
    value: 'a\0b\n"c"',
    mediaType: 'text/plain' as const,
    source: 'ui' as const,
    createdBy: 'ada',
    createdAt: NOW,
  }

  async function exported(store: Store): Promise<CatalogRecord[]> {
    const records: CatalogRecord[] = []
    for await (const some of exportRecords(store)) records.push(...some)
    return records
  }

  test('exports every added label and event, and restores them into an empty catalog', async () => {
    const store = await filled()
    await insertAddedLabel(store, place, label)
    const records = await exported(store)
    expect(records.filter(({ type }) => type === 'added-label')).toContainEqual({
      type: 'added-label',
      id: label.id,
      ...place,
      digest: one,
      key: 'note',
      value: label.value,
      media_type: 'text/plain',
      source: 'ui',
      created_by: 'ada',
      created: new Date(NOW).toISOString(),
      published: null,
    })
    const own = records.filter(({ type, repository }) => type === 'tag-event' && repository === place.repository)
    expect(own.map(({ tag, kind, from, to, actor }) => ({ tag, kind, from, to, actor }))).toEqual([
      { tag: 'latest', kind: 'seen', from: null, to: one, actor: null },
      { tag: 'gone', kind: 'seen', from: null, to: one, actor: null },
      { tag: 'latest', kind: 'moved', from: one, to: two, actor: 'ada' },
      { tag: 'gone', kind: 'gone', from: one, to: null, actor: null },
    ])
    await emptyCatalog(store)
    expect((await exported(store)).every(({ type }) => type === 'added-label')).toBe(true)
    expect(await listAddedLabels(store, place, { digests: [label.digest] })).toEqual([label])
    for (const table of ['tag', 'manifest', 'image', 'label', 'blob'] as const)
      expect(await store.read.selectFrom(table).selectAll().execute(), table).toEqual([])
    await fillSample(store, sampleTags)
    await recordTags(store, place, [{ tag: 'latest', digest: two }], { at: NOW + 5 * DAY, how: 'sync' })
    const found = await tagsAsOf(catalogDatabase(store), { visibility, place, at: NOW + 6 * DAY })
    expect(found?.tags).toMatchObject([{ tag: 'latest', now: two }])
  })

  test('refuses to drop the catalog while a server uses it', async () => {
    const store = await filled()
    const lease = await holdLease(store, 'schedule')
    await expect(emptyCatalog(store)).rejects.toMatchObject({ code: 'locked' })
    expect(await store.read.selectFrom('tag').selectAll().execute()).not.toEqual([])
    await lease?.release()
  })

  test('forgets old events, and claims nothing about tags from before', async () => {
    const store = await filled()
    const asOf = async (at: number) =>
      (await tagsAsOf(catalogDatabase(store), { visibility, place, at }))?.tags.map(({ tag, was }) => [tag, was])
    expect(await asOf(NOW + DAY / 2)).toEqual([
      ['latest', one],
      ['gone', one],
    ])
    const before = (await exported(store)).filter(({ at }) => Date.parse(at ?? '') < NOW + 2 * DAY)
    expect(await pruneEvents(store, NOW + 2 * DAY)).toBe(before.filter(({ type }) => type === 'tag-event').length)
    expect(await asOf(NOW + 2 * DAY)).toEqual([
      ['latest', two],
      ['gone', one],
    ])
    expect(await asOf(NOW + DAY / 2)).toEqual([
      ['latest', undefined],
      ['gone', one],
    ])
    expect(await pruneEvents(store, NOW + 2 * DAY)).toBe(0)
  })
})
