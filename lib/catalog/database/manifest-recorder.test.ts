import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { cached } from '../../registry/cache/cached.ts'
import { ContentCache } from '../../registry/cache/content-cache.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { openStore } from '../../store/open-store.ts'
import { StoreError } from '../../store/store-error.ts'
import { storeProblem } from '../../store/the-store.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { pushImage } from '../../testing/servers/images.ts'
import { MemoryCatalog } from '../memory/memory-catalog.ts'
import { CatalogReader } from '../read-through/catalog-reader.ts'
import { catalogDatabase } from './catalog-database.ts'
import { DatabaseCatalog } from './database-catalog.ts'
import { labelKeys } from './label-keys.ts'
import { ManifestRecorder } from './manifest-recorder.ts'
import { searchTags, typedQuery } from './search-tags.ts'

const folder = mkdtempSync(join(tmpdir(), 'lading-recorder-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('makes manifests read by a page findable by their labels', async () => {
  await using server = await startDockerRegistry()
  await pushImage(server.url, 'team/app', ['1', '2'])
  const store = await openStore({ kind: 'sqlite', file: join(folder, 'lading.db') })
  const recorder = new ManifestRecorder(async () => store)
  recorder.start()
  const reader = new CatalogReader(new DatabaseCatalog(store), { onRead: (reading) => recorder.add(reading) })
  const repository = cached(createHttpRegistry({ name: 'hub', url: server.url }), new ContentCache()).repository(
    parseRepositoryName('team/app'),
  )
  const record = await reader.tag(repository, parseTag('1'), 0)
  await reader.tag(repository, parseTag('2'), 0)
  await recorder.idle()
  const database = catalogDatabase(store)
  const visibility = new Map([['hub', ['**']]])
  const { keys } = await labelKeys(database, visibility)
  const labels = record.ok ? record.summary.labels : []
  expect(keys.map(({ key }) => key).sort()).toEqual(labels.map(({ key }) => key).sort())
  const search = { query: typedQuery('repo:team/*').query, visibility, sort: 'repository', limit: 10, now: 0 } as const
  const { tags } = await searchTags(database, search)
  expect(tags.map(({ tag }) => tag)).toEqual(['2', '1'])
  expect(tags[1]).toMatchObject({ digest: record.ok ? record.summary.digest : '', images: [{ matches: true }] })
  await store.close()
})

it('reports a lost database without affecting browsing', async () => {
  await using server = await startDockerRegistry()
  await pushImage(server.url, 'team/app', ['1'])
  const recorder = new ManifestRecorder(() => Promise.reject(new StoreError('unreachable', 'gone')))
  recorder.start()
  const reader = new CatalogReader(new MemoryCatalog(), { onRead: (reading) => recorder.add(reading) })
  const repository = createHttpRegistry({ name: 'hub', url: server.url }).repository(parseRepositoryName('team/app'))
  expect(await reader.tag(repository, parseTag('1'), 0)).toMatchObject({ ok: true })
  await recorder.idle()
  expect(storeProblem()).toMatchObject({ code: 'unreachable' })
})
