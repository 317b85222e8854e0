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
import { registryStorage } from './registry-storage.ts'
import { repositoryFacts } from './repository-facts.ts'
import { repositoryRows } from './repository-rows.ts'
import { repositoryStorage } from './repository-storage.ts'
import { searchFacets } from './search-facets.ts'
import { typedQuery } from './search-tags.ts'
import { tagEvents } from './tag-events.ts'
import { fillSample } from './testing/fill-sample.ts'
import { NOW, type SampleTag, searchedImages, sampleTags as stored } from './testing/sample-catalog.ts'
import { uniqueBytes } from './unique-bytes.ts'
import type { Visibility } from './visibility.ts'

const EVERYTHING: Visibility = new Map([
  ['hub', ['**']],
  ['edge', ['**']],
])
const TEAM_A: Visibility = new Map([['hub', ['team-a/**']]])
const isTeamA = ({ registry, repository }: SampleTag) => registry === 'hub' && repository.startsWith('team-a/')

/** With the labels that were added, which count everywhere. */
const sampleTags = stored.map((tag) => ({ ...tag, images: searchedImages(tag) }))

describeEachDatabase('what the catalog shows', (databases) => {
  let store: Store
  let database: CatalogDatabase
  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await fillSample(store, stored)
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

  it('shows a cell for each tag and key: a value, missing, or differing between platforms', async () => {
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

  it('finds where a manifest, a platform, a config and a layer are used, among visible repositories', async () => {
    const tag = sampleTags.find(({ type, registry }) => type === 'index' && registry === 'edge')
    const [top, child, config, layer] = tag?.images[0]?.digests ?? []
    for (const [hex, role] of [
      [top, 'manifest'],
      [child, 'listed'],
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

  it('lists what happened to a tag, newest first, in pages', async () => {
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

  it('sums distinct bytes by namespace and repository, and what only each needs', async () => {
    const { places, withoutSharing, layers, days } = await registryStorage(database, {
      visibility: TEAM_A,
      registry: 'hub',
    })
    const blobsIn = (path: string) =>
      new Set(
        sampleTags
          .filter((tag) => isTeamA(tag) && tag.repository.startsWith(path))
          .flatMap(({ images }) => images.flatMap(({ digests }) => digests.slice(2))),
      )
    const [api, web, both] = [blobsIn('team-a/api'), blobsIn('team-a/web'), blobsIn('team-a/')]
    const only = (some: Set<string>, others: Set<string>) => [...some].filter((blob) => !others.has(blob)).length * 10
    const sharedBytes = [...api].filter((blob) => web.has(blob)).length * 10
    expect(sharedBytes).toBeGreaterThan(0)
    const all = { total: both.size * 10, frees: both.size * 10, shared: sharedBytes, blobs: both.size }
    expect(places).toEqual(
      new Map([
        ['', all],
        ['team-a/', all],
        ['team-a/api', { total: api.size * 10, frees: only(api, web), shared: 0, blobs: api.size }],
        ['team-a/web', { total: web.size * 10, frees: only(web, api), shared: 0, blobs: web.size }],
      ]),
    )
    expect(withoutSharing).toBe((api.size + web.size) * 10)
    const oldest = sampleTags.filter(isTeamA).flatMap(({ images }) => images.flatMap(({ created }) => created ?? []))
    expect(days[0]?.day).toBe(Math.floor(Math.min(...oldest) / 86_400_000))
    expect(layers).toHaveLength(20)
    const shared = layers.find(({ repositories }) => repositories === 2)
    expect(shared?.names).toEqual(['team-a/api', 'team-a/web'])
  })

  it('leaves a hidden repository out of every sum, without a trace', async () => {
    const all = await registryStorage(database, { visibility: EVERYTHING, registry: 'hub' })
    const mine = await registryStorage(database, { visibility: TEAM_A, registry: 'hub' })
    expect([...all.places.keys()]).toContain('team-b/')
    expect([...mine.places.keys()].filter((place) => place !== '' && !place.startsWith('team-a/'))).toEqual([])
    expect(JSON.stringify(mine.layers)).not.toContain('team-b')
    // What only a hidden repository shares looks as if nothing did.
    expect(mine.places.get('team-a/')?.frees).toBe(mine.places.get('team-a/')?.total)
    expect(all.places.get('team-a/')?.frees).toBeLessThan(all.places.get('team-a/')?.total ?? 0)
    expect((await registryStorage(database, { visibility: TEAM_A, registry: 'edge' })).places.size).toBe(0)
  })

  it('says what deleting each image of a repository would free, and what else uses its layers', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('team-a/api') }
    const page = { place, offset: 0, limit: 50 }
    const known = await repositoryStorage(database, { visibility: TEAM_A, ...page })
    const sums = (await registryStorage(database, { visibility: TEAM_A, registry: 'hub' })).places.get('team-a/api')
    expect(known).toMatchObject({ total: sums?.total, frees: sums?.frees, blobs: sums?.blobs })
    const blobsOf = ({ images }: SampleTag) => new Set(images.flatMap(({ digests }) => digests.slice(2)))
    const own = sampleTags.filter((tag) => isTeamA(tag) && tag.repository === 'team-a/api')
    expect(known?.imageCount).toBe(new Set(own.map(({ digest }) => digest)).size)
    expect(known?.images).toHaveLength(known?.imageCount ?? 0)
    for (const { digest, tags, total, frees, elsewhere } of known?.images ?? []) {
      const image = own.find((tag) => tag.digest === digest)
      const blobs = [...(image ? blobsOf(image) : [])]
      const others = own.filter((tag) => tag.digest !== digest).flatMap((tag) => [...blobsOf(tag)])
      const web = sampleTags.filter((tag) => isTeamA(tag) && tag.repository !== 'team-a/api')
      const outside = new Set(web.flatMap((tag) => [...blobsOf(tag)]))
      expect({ digest, tags: [...tags].sort(), total, frees, elsewhere }).toEqual({
        digest,
        tags: own
          .filter((tag) => tag.digest === digest)
          .map(({ tag }) => tag)
          .sort(),
        total: blobs.length * 10,
        frees: blobs.filter((blob) => !others.includes(blob) && !outside.has(blob)).length * 10,
        elsewhere: blobs.filter((blob) => outside.has(blob)).length * 10,
      })
    }
    const digests = known?.images.map(({ digest }) => digest) ?? []
    const unique = await uniqueBytes(database, TEAM_A, place, digests)
    expect(digests.map((digest) => unique.get(digest))).toEqual(known?.images.map(({ frees }) => frees))
    expect((await uniqueBytes(database, new Map([['hub', ['team-b/**']]]), place, digests)).size).toBe(0)
    expect(known?.layers.filter(({ otherCount }) => otherCount > 0)[0]?.others).toEqual(['team-a/web'])
    const hidden = { visibility: new Map([['hub', ['team-b/**']]]), ...page }
    expect(await repositoryStorage(database, hidden)).toBeUndefined()
    const second = await repositoryStorage(database, { visibility: TEAM_A, place, offset: 2, limit: 2 })
    expect(second?.images).toEqual(known?.images.slice(2, 4))
  })

  it('describes a repository by its highest release and the size of its images', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('team-a/api') }
    const own = sampleTags.filter((tag) => isTeamA(tag) && tag.repository === 'team-a/api')
    const lead = own.find(({ tag }) => tag === '2.0')
    const facts = await repositoryFacts(store, place, ['team', 'version', 'nothing'])
    const sums = await repositoryStorage(database, { visibility: TEAM_A, place, offset: 0, limit: 1 })
    expect(facts).toMatchObject({
      images: sums?.imageCount,
      bytes: sums?.total,
      lead: { tag: '2.0', digest: lead?.digest },
    })
    const labels = lead?.images[0]?.labels
    expect([...(facts?.lead?.labels.keys() ?? [])].sort()).toEqual(
      ['team', 'version'].filter((key) => labels?.has(key)),
    )
    for (const [key, value] of facts?.lead?.labels ?? []) expect(labels?.get(key)).toContain(value)
    const unknown = { registry: 'hub', repository: parseRepositoryName('no/such') }
    expect(await repositoryFacts(store, unknown, ['team'])).toBeUndefined()
  })

  it('sorts rows of repositories as requested, without hidden ones', async () => {
    const names = ['team-b/web', 'team-a/web', 'team-a/api', 'no/such']
    const rows = await repositoryRows(database, { visibility: TEAM_A, registry: 'hub', names })
    expect(rows.map(({ repository }) => repository)).toEqual(['team-a/web', 'team-a/api'])
    const tags = sampleTags.filter(({ registry, repository }) => registry === 'hub' && repository === 'team-a/api')
    const newest = Math.max(...tags.map(({ images }) => images[0]?.created ?? -1))
    expect(rows[1]).toMatchObject({ tags: tags.length, read: tags.length, newest: { created: newest } })
  })

  it('says in the row of a repository that its newest image is damaged', async () => {
    const place = { registry: 'hub', repository: parseRepositoryName('team-a/web') }
    const row = async () => {
      const rows = await repositoryRows(database, { visibility: TEAM_A, registry: 'hub', names: [place.repository] })
      return rows[0]?.newest
    }
    const whole = await row()
    expect(whole).not.toHaveProperty('isDamaged')
    const learnt = { at: NOW, how: 'sync' } as const
    await recordTags(store, place, [{ tag: whole?.tag ?? '', problem: 'not-found' }], learnt)
    expect(await row()).toEqual({ ...whole, isDamaged: true })
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
