import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import {
  type AddedLabel,
  deleteAddedLabel,
  findAddedLabel,
  insertAddedLabel,
  listAddedLabels,
  MOST_ADDED,
} from './added-labels.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { labelKeys, labelValues } from './label-keys.ts'
import { labelMatrix } from './label-matrix.ts'
import { newestTags } from './newest-tags.ts'
import { searchTags, typedQuery } from './search-tags.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW } from './testing/sample-catalog.ts'
import type { Visibility } from './visibility.ts'

const ONE = { registry: 'hub', repository: parseRepositoryName('team/app') }
const COPY = { registry: 'hub', repository: parseRepositoryName('vault/app') }
const SHARED = parseDigest(`sha256:${'0a'.repeat(32)}`)
const OTHER = parseDigest(`sha256:${'0b'.repeat(32)}`)
const EVERYTHING: Visibility = new Map([['hub', ['**']]])
const TEAM: Visibility = new Map([['hub', ['team/**']]])

function labelOf(text: Partial<AddedLabel> = {}): AddedLabel {
  return {
    id: randomUUID(),
    digest: SHARED,
    key: 'deployed-to',
    value: 'prod',
    mediaType: 'text/plain',
    source: 'ui',
    createdBy: 'ada',
    createdAt: NOW,
    ...text,
  }
}

describeEachDatabase('added labels', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    const image = (repository: string, tag: string, digest: string) => ({
      registry: 'hub',
      repository: parseRepositoryName(repository),
      tag,
      digest,
      type: 'image' as const,
      images: [{ registry: 'hub', repository, labels: new Map([['team', ['quay']]]), has: {}, digests: [] }],
    })
    await fillSample(store, [
      image('team/app', '1', SHARED),
      image('team/app', '2', OTHER),
      // The same image where others may not look.
      image('vault/app', '1', SHARED),
    ])
  })
  afterAll(() => store?.close())

  const search = async (query: string, visibility = EVERYTHING) => {
    const { tags } = await searchTags(database, {
      query: typedQuery(query).query,
      visibility,
      sort: 'repository',
      limit: 10,
      now: NOW,
    })
    return tags.map(({ repository, tag }) => `${repository}:${tag}`)
  }

  it('stores any value, and finds labels by place, prefix and id until deleted', async () => {
    const odd = labelOf({ key: '__proto__', value: 'a\0\u001b[31m\u202E\u{10ffff}0' })
    const long = labelOf({ key: 'deployed-at', value: 'x'.repeat(65_536), mediaType: 'application/json' })
    for (const label of [odd, long]) expect(await insertAddedLabel(store, ONE, label)).toBe(true)
    expect(await listAddedLabels(store, ONE, { digests: [SHARED] })).toEqual([odd, long])
    expect(await listAddedLabels(store, ONE, { digests: [SHARED], prefix: 'deployed' })).toEqual([long])
    expect(await listAddedLabels(store, ONE, { digests: [OTHER] })).toEqual([])
    expect(await findAddedLabel(store, ONE, odd.id)).toEqual(odd)
    expect(await search('label:__proto__')).toEqual(['team/app:1'])
    // A label is found only where it was added.
    expect(await findAddedLabel(store, COPY, odd.id)).toBeUndefined()
    expect(await deleteAddedLabel(store, COPY, odd.id)).toBe(false)
    for (const { id } of [odd, long]) expect(await deleteAddedLabel(store, ONE, id)).toBe(true)
    expect(await deleteAddedLabel(store, ONE, odd.id)).toBe(false)
    expect(await listAddedLabels(store, ONE, { digests: [SHARED] })).toEqual([])
  })

  it('shows a label in no other repository that has the same image', async () => {
    const secret = labelOf({ key: 'incident', value: 'INC-9' })
    await insertAddedLabel(store, COPY, secret)
    expect(await search('label:incident')).toEqual(['vault/app:1'])
    expect(await search('label:incident', TEAM)).toEqual([])
    expect(await search('-label:incident')).toEqual(['team/app:2', 'team/app:1'])
    expect((await labelKeys(database, TEAM)).keys.map(({ key }) => key)).toEqual(['team'])
    expect(await labelValues(database, { visibility: TEAM, key: 'incident', limit: 5 })).toEqual([])
    const query = { query: typedQuery('').query, visibility: TEAM, sort: 'repository', limit: 5, now: NOW } as const
    const { rows } = await labelMatrix(database, query, ['incident'])
    expect(rows.map(({ cells }) => cells)).toEqual([[{ state: 'missing' }], [{ state: 'missing' }]])
    await deleteAddedLabel(store, COPY, secret.id)
  })

  it('counts like an image’s own label in keys, values, the matrix and the newest tags', async () => {
    const label = labelOf({ digest: OTHER, key: 'team', value: 'mole' })
    const review = labelOf({ digest: OTHER, key: 'reviewed', value: 'yes' })
    for (const each of [label, review]) await insertAddedLabel(store, ONE, each)
    expect(await search('team=mole')).toEqual(['team/app:2'])
    expect(await search('team!=quay')).toEqual([])
    expect(await search('label:reviewed or team=none')).toEqual(['team/app:2'])
    const { keys, total } = await labelKeys(database, EVERYTHING)
    expect(keys).toContainEqual({ key: 'reviewed', images: 1, values: 1, added: 1 })
    expect(total).toBe(keys.length)
    const values = await labelValues(database, { visibility: EVERYTHING, key: 'team', containing: 'MO', limit: 5 })
    expect(values).toEqual([{ value: 'mole', images: 1, added: 1 }])
    const newest = { query: typedQuery('repo:team/app').query, visibility: EVERYTHING, now: NOW }
    expect((await newestTags(database, newest, ['reviewed', 'absent'])).tags).toMatchObject([
      { missing: [false, true] },
    ])
    const { rows } = await labelMatrix(database, { ...newest, sort: 'repository', limit: 5 }, ['reviewed'])
    expect(rows[0]?.cells).toEqual([{ state: 'value', value: 'yes' }])
    for (const { id } of [label, review]) await deleteAddedLabel(store, ONE, id)
  })

  it('limits the labels of a manifest', async () => {
    for (let count = 0; count < MOST_ADDED; count++)
      expect(await insertAddedLabel(store, ONE, labelOf({ key: `key-${count}` }))).toBe(true)
    expect(await insertAddedLabel(store, ONE, labelOf())).toBe(false)
    expect(await insertAddedLabel(store, ONE, labelOf({ digest: OTHER }))).toBe(true)
  })
})
