import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { openStore } from '../../store/open-store.ts'
import type { Store } from '../../store/store.ts'
import { describeEachDatabase } from '../../store/testing/each-database.ts'
import { type CatalogDatabase, catalogDatabase } from './catalog-database.ts'
import { lineage } from './lineage.ts'
import { recordManifests } from './record-manifests.ts'
import { recordTags } from './record-tags.ts'
import type { Visibility } from './visibility.ts'

const ALL: Visibility = new Map([['hub', ['**']]])
const MEDIA_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const hex = (text: string) => `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0')}`

describeEachDatabase('what images are built on', (databases) => {
  let store: Store
  let database: CatalogDatabase
  const image = (name: string, layers: readonly string[], base?: string) => ({
    digest: hex(name),
    mediaType: MEDIA_TYPE,
    type: 'image' as const,
    bytes: 1,
    images: [
      {
        digest: hex(name),
        mediaType: MEDIA_TYPE,
        bytes: 1,
        blobs: [`config ${name}`, ...layers].map((blob) => ({ digest: hex(blob), size: 1 })),
        labels: base
          ? [{ key: 'org.opencontainers.image.base.digest', value: hex(base), origin: 'annotation' as const }]
          : [],
      },
    ],
  })
  const tag = (repository: string, name: string, digest: string, at: number) =>
    recordTags(
      store,
      { registry: 'hub', repository: parseRepositoryName(repository) },
      [{ tag: name, digest: hex(digest) }],
      { at, how: 'notification' },
    )

  beforeAll(async () => {
    store = await openStore(await databases.create())
    database = catalogDatabase(store)
    await recordManifests(store, [
      image('debian', ['d1']),
      image('node', ['d1', 'n1', 'n2']),
      image('node-new', ['d1', 'n1', 'n3']),
      image('app', ['d1', 'n1', 'n2', 'a1']),
      image('secret', ['d1', 'n1', 'n2', 's1']),
      image('squashed', ['q1'], 'node'),
      // The same layers in another order are no base.
      image('other', ['n1', 'd1', 'n2', 'o1']),
      // The last layer at the same place isn't enough.
      image('mixed', ['x1', 'n1', 'n2']),
    ])
    await tag('base/debian', '13', 'debian', 1)
    await tag('base/node', '22', 'node', 2)
    await tag('base/node', '22.1', 'node', 2)
    await tag('team/app', '1', 'app', 3)
    await tag('team/squashed', '1', 'squashed', 3)
    await tag('team/other', '1', 'other', 3)
    await tag('team/mixed', '1', 'mixed', 3)
    await tag('vault/secret', '1', 'secret', 3)
    await tag('base/node', '22', 'node-new', 9)
  })
  afterAll(() => store?.close())

  const named = (tags: readonly { repository: string; tag: string }[]) =>
    tags.map(({ repository, tag: name }) => `${repository}:${name}`)

  it('finds the images that one’s first layers come from, the closest first', async () => {
    const { basedOn } = await lineage(database, { visibility: ALL, digest: hex('app') })
    expect(named(basedOn)).toEqual(['base/node:22.1', 'base/node:22', 'base/debian:13'])
    expect(basedOn.map(({ layers }) => layers)).toEqual([3, 3, 1])
  })

  it('says that a base’s tag has moved, and where to', async () => {
    const { basedOn } = await lineage(database, { visibility: ALL, digest: hex('app') })
    expect(basedOn.map(({ tag: name, moved }) => [name, moved])).toEqual([
      ['22.1', undefined],
      ['22', { to: hex('node-new'), at: 9 }],
      ['13', undefined],
    ])
  })

  it('finds a base that only the annotation names', async () => {
    const { basedOn } = await lineage(database, { visibility: ALL, digest: hex('squashed') })
    expect(basedOn.map(({ tag: name, isNamed, layers }) => [name, isNamed, layers])).toEqual([
      ['22.1', true, undefined],
      ['22', true, undefined],
    ])
  })

  it('finds images built on an image, by layers or annotation, and none that merely share some', async () => {
    const { usedBy } = await lineage(database, { visibility: ALL, digest: hex('node') })
    expect(named(usedBy).sort()).toEqual(['team/app:1', 'team/squashed:1', 'vault/secret:1'])
    expect(named((await lineage(database, { visibility: ALL, digest: hex('app') })).usedBy)).toEqual([])
  })

  it('finds the base of an image that has one layer in thousands of places, within moments', async () => {
    const same = (count: number) => Array<string>(count).fill('empty')
    await recordManifests(store, [image('few', same(3)), image('many', [...same(15_000), 'last'])])
    await tag('base/few', '1', 'few', 4)
    await tag('team/many', '1', 'many', 4)
    const began = performance.now()
    const { basedOn } = await lineage(database, { visibility: ALL, digest: hex('many') })
    expect(basedOn.map(({ tag: name, layers }) => [name, layers])).toEqual([['1', 3]])
    expect(named((await lineage(database, { visibility: ALL, digest: hex('few') })).usedBy)).toEqual(['team/many:1'])
    // Some milliseconds; compared with each other, 225 million pairs take more than ten seconds.
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('hides what an index says of its images from readers who can’t see the index', async () => {
    const listed = image('listed', ['z1'])
    await recordManifests(store, [
      listed,
      {
        ...listed,
        digest: hex('index'),
        mediaType: 'application/vnd.oci.image.index.v1+json',
        type: 'index' as const,
        images: listed.images.map((one) => ({
          ...one,
          labels: [
            { key: 'org.opencontainers.image.base.digest', value: hex('debian'), origin: 'index-entry' as const },
            { key: 'org.opencontainers.image.base.name', value: 'hub/base/debian:13', origin: 'index-entry' as const },
          ],
        })),
      },
    ])
    await tag('team/listed', '1', 'listed', 3)
    await tag('vault/index', '1', 'index', 3)
    const some: Visibility = new Map([['hub', ['team/**', 'base/**']]])
    const none = { basedOn: [], named: [] }
    expect(await lineage(database, { visibility: some, digest: hex('listed') })).toMatchObject(none)
    const { basedOn, named: names } = await lineage(database, { visibility: ALL, digest: hex('listed') })
    expect([named(basedOn), names.map(({ name }) => name)]).toEqual([['base/debian:13'], ['hub/base/debian:13']])
    const users = async (visibility: Visibility) =>
      named((await lineage(database, { visibility, digest: hex('debian') })).usedBy)
    expect(await users(some)).not.toContain('team/listed:1')
    expect(await users(ALL)).toContain('team/listed:1')
  })

  it('shows nothing hidden from the reader, in either direction', async () => {
    const team: Visibility = new Map([['hub', ['team/**']]])
    expect(named((await lineage(database, { visibility: team, digest: hex('node') })).usedBy).sort()).toEqual([
      'team/app:1',
      'team/squashed:1',
    ])
    expect((await lineage(database, { visibility: team, digest: hex('app') })).basedOn).toEqual([])
    expect(await lineage(database, { visibility: new Map(), digest: hex('app') })).toMatchObject({ usedBy: [] })
  })
})
