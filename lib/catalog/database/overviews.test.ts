import { afterAll, beforeAll, expect, it } from 'vitest'
import { compileQuery } from '../../filter/evaluate-query.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { findDigest } from './find-digest.ts'
import { labelMatrix } from './label-matrix.ts'
import { recordGoneTags, recordTags } from './record-tags.ts'
import { repositoryRows } from './repository-rows.ts'
import { searchFacets } from './search-facets.ts'
import { typedQuery } from './search-tags.ts'
import { storageSums } from './storage-sums.ts'
import { tagEvents } from './tag-events.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, type SampleTag, sampleTags } from './testing/sample-catalog.ts'
import type { Visibility } from './visibility.ts'

const EVERYTHING: Visibility = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])
const TEAM_A: Visibility = new Map([['hub', ['team-a/**']]])
const isTeamA = ({ registry, repository }: SampleTag) => registry === 'hub' && repository.startsWith('team-a/')

describeEachDatabase('what the catalog shows', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, sampleTags)
  })
  afterAll(() => store?.close())

  it('counts facets over exactly the tags that a query finds', async () => {
    for (const [text, visibility] of [
      ['', EVERYTHING],
      ['label:team', EVERYTHING],
      ['-team=quay', TEAM_A],
    ] as const) {
      const { query } = typedQuery(text)
      const matches = compileQuery(query, NOW)
      const found = sampleTags
        .filter((tag) => visibility === EVERYTHING || isTeamA(tag))
        .filter(({ images }) => images.some((image) => matches(image)))
      const { tags, repositories, isComplete, facets } = await searchFacets(database, { query, visibility, now: NOW })
      expect({ tags, repositories, isComplete }).toEqual({
        tags: found.length,
        repositories: new Set(found.map(({ registry, repository }) => `${registry}/${repository}`)).size,
        isComplete: true,
      })
      expect(counted(facets.type)).toEqual(countBy(found.map(({ type }) => [type])))
      expect(counted(facets.registry)).toEqual(countBy(found.map(({ registry }) => [registry])))
      expect(counted(facets.platform)).toEqual(
        countBy(found.map(({ images }) => images.flatMap((image) => (matches(image) ? (image.platform ?? []) : [])))),
      )
      // `platform:linux/arm64` is also true of linux/arm64/v8, which only a registry that isn't normalized has.
      const platforms = facets.platform.filter(({ value }) => value !== 'linux/arm64')
      for (const { value, term, tags: count } of [...facets.type, ...platforms, ...facets.registry]) {
        const narrowed = compileQuery(typedQuery(`${text} ${term}`).query, NOW)
        expect(found.filter(({ images }) => images.some((image) => narrowed(image))).length, value).toBe(count)
      }
    }
  })

  it('shows a cell for each tag and key: a value, missing, or what differs between platforms', async () => {
    const { query } = typedQuery('')
    const search = { query, visibility: EVERYTHING, sort: 'repository', limit: 100, now: NOW } as const
    const { rows } = await labelMatrix(database, search, ['team', 'nothing'])
    expect(rows).toHaveLength(sampleTags.length)
    for (const { tag, cells } of rows) {
      const sample = sampleTags.find(
        ({ registry, repository, tag: name }) =>
          registry === tag.registry && repository === tag.repository && name === tag.tag,
      )
      const values = sample?.images.map(({ labels }) => [...(labels?.get('team') ?? [])].sort()) ?? []
      const isSame = values.every((value) => value.join() === values[0]?.join())
      expect(cells[1]).toEqual({ state: 'missing' })
      if (values.flat().length === 0) expect(cells[0]).toEqual({ state: 'missing' })
      else if (isSame && values[0]?.length === 1) expect(cells[0]).toEqual({ state: 'value', value: values[0][0] })
      else expect(cells[0]).toMatchObject({ state: 'differs', platforms: values.map((each) => ({ values: each })) })
    }
  })

  it('finds where a manifest, a platform, a config and a layer are, and only where it may be seen', async () => {
    const tag = sampleTags.find(({ type, registry }) => type === 'index' && registry === 'edge')
    const [top, child, config, layer] = tag?.images[0]?.digests ?? []
    for (const [hex, role] of [
      [top, 'manifest'],
      [child, 'platform'],
      [config, 'config'],
      [layer, 'layer'],
    ] as const) {
      const uses = await findDigest(database, { visibility: EVERYTHING, hex: hex?.slice(0, 12) ?? '', limit: 100 })
      expect(uses).toContainEqual({
        registry: 'edge',
        repository: tag?.repository,
        tag: tag?.tag,
        digest: `sha256:${hex}`,
        role,
      })
      expect(
        await findDigest(database, { visibility: new Map([['hub', ['none']]]), hex: hex ?? '', limit: 9 }),
      ).toEqual([])
    }
    expect(await findDigest(database, { visibility: EVERYTHING, hex: "00' or 1=1", limit: 9 })).toEqual([])
  })

  it('tells what happened to a tag, newest first, in pages', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('team-a/history') }
    const [one, two] = [sampleTags[1]?.digest ?? '', sampleTags[2]?.digest ?? '']
    await recordTags(store, place, [{ tag: 'latest', digest: one }], { at: NOW + 1, how: 'sync' })
    await recordTags(store, place, [{ tag: 'latest', digest: one }], { at: NOW + 2, how: 'sync' })
    await recordTags(store, place, [{ tag: 'latest', digest: two }], { at: NOW + 3, how: 'change', actor: 'ada' })
    await recordGoneTags(store, place, ['latest'], { at: NOW + 4, how: 'notification' })
    const all = { visibility: TEAM_A, ...place, limit: 2 }
    const first = await tagEvents(database, all)
    expect(first.events).toMatchObject([
      { kind: 'gone', from: two, at: NOW + 4, how: 'notification' },
      { kind: 'moved', from: one, to: two, at: NOW + 3, how: 'change', actor: 'ada' },
    ])
    const second = await tagEvents(database, { ...all, after: first.next ?? '' })
    expect(second).toEqual({
      events: [{ ...place, tag: 'latest', kind: 'seen', to: one, at: NOW + 1, how: 'sync' }],
    })
    expect(await tagEvents(database, { ...all, visibility: new Map([['hub', ['team-b/**']]]) })).toEqual({ events: [] })
  })

  it('sums the distinct bytes of each repository, and what only it needs', async () => {
    const sums = await storageSums(database, { visibility: EVERYTHING, registry: 'hub' })
    const blobsOf = new Map(
      Array.from(
        Map.groupBy(
          sampleTags.filter(({ registry }) => registry === 'hub'),
          ({ repository }) => repository,
        ),
        ([repository, tags]) => [
          repository,
          new Set(tags.flatMap(({ images }) => images.flatMap(({ digests }) => digests.slice(2)))),
        ],
      ),
    )
    for (const { repository, total, unique } of sums.filter(({ repository: name }) => name !== 'team-a/history')) {
      const own = blobsOf.get(repository) ?? new Set()
      const others = [...blobsOf].filter(([name]) => name !== repository).flatMap(([, blobs]) => [...blobs])
      expect({ repository, total, unique }).toEqual({
        repository,
        total: own.size * 10,
        unique: [...own].filter((blob) => !others.includes(blob)).length * 10,
      })
    }
    expect((await storageSums(database, { visibility: TEAM_A, registry: 'edge' })).length).toBe(0)
  })

  it('shows rows of repositories in the order that is asked for, without those that may not be seen', async () => {
    const names = ['team-b/web', 'team-a/web', 'team-a/api', 'no/such']
    const rows = await repositoryRows(database, { visibility: TEAM_A, registry: 'hub', names })
    expect(rows.map(({ repository }) => repository)).toEqual(['team-a/web', 'team-a/api'])
    const tags = sampleTags.filter(({ registry, repository }) => registry === 'hub' && repository === 'team-a/api')
    const newest = Math.max(...tags.map(({ images }) => images[0]?.created ?? -1))
    expect(rows[1]).toMatchObject({ tags: tags.length, read: tags.length, newest: { created: newest } })
  })
})

function counted(values: readonly { value: string; tags: number }[]): Map<string, number> {
  return new Map(values.map(({ value, tags }) => [value, tags]))
}

/** How many of the lists name each value. */
function countBy(lists: readonly (readonly string[])[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const list of lists) for (const value of new Set(list)) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
