import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../oci/reference.ts'
import { createHttpRegistry } from '../registry/http/http-registry.ts'
import { openStore } from '../store/open-store.ts'
import { StoreError } from '../store/store-error.ts'
import { describeEachDatabase } from '../store/testing/each-database.ts'
import { storeProblem } from '../store/the-store.ts'
import { startDockerRegistry } from '../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../testing/servers/fault-proxy.ts'
import { pushImage } from '../testing/servers/images.ts'
import { AvailableCatalog } from './available-catalog.ts'
import { listOf, one, query, record } from './contract/samples.ts'
import { DatabaseCatalog } from './database/database-catalog.ts'
import { catalogVersion } from './database/kept-results.ts'
import { CatalogReader } from './read-through/catalog-reader.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-available-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let serial = 0
const newStore = () => openStore({ kind: 'sqlite', file: join(folder, `${++serial}`, 'lading.db') })
const place = { registry: 'hub', repository: parseRepositoryName('team/app') }

test('keeps a list that was begun before a change as an old one, wherever that is kept', async () => {
  const store = await newStore()
  const catalog = new AvailableCatalog({ store: async () => store })
  for (const start of [() => {}, () => catalog.start()]) {
    start()
    await catalog.recordRepositories('hub', { sorted: [place.repository] }, true)
    await catalog.recordTags(place, listOf('1'), true)
    expect((await catalog.repositories('hub'))?.age).toBe(Number.POSITIVE_INFINITY)
    expect((await catalog.tags(place))?.age).toBe(Number.POSITIVE_INFINITY)
  }
  await store.close()
})

describe('while the database is down', () => {
  test('answers from memory, records the reason, and returns to the database once it is back', async () => {
    const store = await newStore()
    let isDown = true
    const catalog = new AvailableCatalog({
      store: () => (isDown ? Promise.reject(new StoreError('unreachable', 'gone')) : Promise.resolve(store)),
      retryAfter: 20,
    })
    catalog.start()
    await catalog.recordTags(place, listOf('1'))
    expect((await catalog.tagPage(place, query()))?.value.tags).toEqual(['1'])
    expect(storeProblem()).toMatchObject({ code: 'unreachable' })
    await catalog.recordRepository(place)
    isDown = false
    await expect.poll(async () => (await catalog.tags(place)) === undefined).toBe(true)
    expect(storeProblem()).toBeUndefined()
    // A repository that was opened meanwhile: no list would tell.
    expect((await catalog.repositories('hub'))?.value.sorted).toEqual(['team/app'])
    await store.close()
  })

  test('a change made in the meantime makes the database’s knowledge out of date', async () => {
    const store = await newStore()
    const earlier = new DatabaseCatalog(store)
    await earlier.recordTags(place, listOf('1'))
    let isDown = true
    const catalog = new AvailableCatalog({
      store: () => (isDown ? Promise.reject(new StoreError('locked', 'busy')) : Promise.resolve(store)),
      retryAfter: 20,
    })
    catalog.start()
    await catalog.changed(place)
    isDown = false
    await expect.poll(async () => (await catalog.tags(place))?.age).toBe(Number.POSITIVE_INFINITY)
    await store.close()
  })

  test('a database that fails during a page leaves the page whole', async () => {
    const store = await newStore()
    const catalog = new AvailableCatalog({ store: async () => store, retryAfter: 60_000 })
    catalog.start()
    await catalog.recordTags(place, listOf('1'))
    await store.close()
    await catalog.recordTags(place, listOf('1', '2'))
    await catalog.recordTag(place, one, record('1', 'a'))
    expect((await catalog.tagPage(place, query()))?.value).toMatchObject({ tags: ['2', '1'], known: 1 })
  })
})

describeEachDatabase('after a restart', (databases) => {
  test('asks for the tags of a page by HEAD alone', async () => {
    await using server = await startDockerRegistry()
    await pushImage(server.url, 'team/app', ['1', '2', '3'])
    await using proxy = await startFaultProxy(server.url)
    const location = await databases.create()
    const tags = ['1', '2', '3'].map(parseTag)
    const versions: number[] = []
    const readAll = async () => {
      const store = await openStore(location)
      const reader = new CatalogReader(new DatabaseCatalog(store))
      // Nothing of the earlier process is left but the database.
      const repository = createHttpRegistry({ name: 'hub', url: proxy.url }).repository(place.repository)
      const records = await Promise.all(tags.map((tag) => reader.tag(repository, tag, 0)))
      versions.push(await catalogVersion(store))
      await store.close()
      return records
    }
    const first = await readAll()
    proxy.requests.length = 0
    expect(await readAll()).toEqual(first)
    const asked = proxy.requests.filter(({ path }) => path.includes('/manifests/') || path.includes('/blobs/'))
    expect(asked.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      tags.map((tag) => `HEAD /v2/team/app/manifests/${tag}`),
    )
    // What was found in the catalog before still holds.
    expect(versions[1]).toBe(versions[0])
  })

  test('one replica’s records and changes are known to another at once', async () => {
    const location = await databases.create()
    const stores = await Promise.all([openStore(location), openStore(location)])
    const [here, there] = stores.map((store) => new DatabaseCatalog(store)) as [DatabaseCatalog, DatabaseCatalog]
    await here.recordRepositories('hub', { sorted: [place.repository] })
    await here.recordTags(place, listOf('1', '2'))
    await here.recordTag(place, one, record('1', 'a'))
    expect((await there.repositories('hub'))?.value.sorted).toEqual(['team/app'])
    expect((await there.tagPage(place, query()))?.value).toMatchObject({ tags: ['2', '1'], known: 1 })
    await there.changed(place)
    expect((await here.tagRecords(place, [one])).get(one)?.age).toBe(Number.POSITIVE_INFINITY)
    await Promise.all(stores.map((store) => store.close()))
  })
})
