import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { putImage } from '../../image/testing/images.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'

const server = await startDockerRegistry()
const folder = await mkdtemp(join(tmpdir(), 'lading-images-'))
const anna: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const state = { q: '', sort: 'version', dir: 'desc', page: 1, names: '', namesPage: 1 } as const
const app = parseRepositoryName('team/app')
let untagged: string

beforeAll(async () => {
  const registry = createHttpRegistry({ name: 'direct', url: server.url })
  const newest = { created: '2026-02-01T00:00:00Z' }
  await putImage(registry.repository(app), { tags: ['1.4.2', '1.4', '1', 'latest'], ...newest })
  await putImage(registry.repository(app), { tags: ['1.3'], created: '2026-01-01T00:00:00Z' })
  await registry.close()
  await createLayout(join(folder, 'layout'))
  const layout = createLayoutRegistry({ name: 'disk', path: join(folder, 'layout') }).repository(app)
  await putImage(layout, { tags: ['1'], created: '2026-01-01T00:00:00Z' })
  untagged = (await putImage(layout, { created: '2026-03-01T00:00:00Z' })).digest
  const config = `registries:
  - { name: hub, url: ${server.url} }
  - { name: disk, layout: ${join(folder, 'layout')} }
`
  await writeFile(join(folder, 'lading.yaml'), config)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

test('shows each image once, with all its tags, highest version first', async () => {
  const { readImages } = await import('./read-images.ts')
  const table = await readImages(anna, { registry: 'hub', repository: app }, state)
  expect(table).toMatchObject({
    images: [
      { tags: ['1.4.2', '1.4', '1', 'latest'], tagCount: 4, created: '2026-02-01T00:00:00Z' },
      { tags: ['1.3'], tagCount: 1 },
    ],
    matching: 2,
    isLowerBound: false,
    isListing: false,
  })
  expect(table).not.toHaveProperty('resolved')
})

test('finds an image by any of its tags', async () => {
  const { readImages } = await import('./read-images.ts')
  const { images, matching } = await readImages(
    anna,
    { registry: 'hub', repository: app },
    { ...state, q: 'latest', page: 9 },
  )
  expect([images.map(({ tags }) => tags[0]), matching]).toEqual([['1.4.2'], 1])
})

test('lists a layout’s untagged images beside the tagged ones', async () => {
  const { readImages } = await import('./read-images.ts')
  const there = { images: [{ digest: untagged, created: '2026-03-01T00:00:00Z' }], total: 1 }
  expect((await readImages(anna, { registry: 'disk', repository: app }, state)).untagged).toMatchObject(there)
  expect(await readImages(anna, { registry: 'disk', repository: app }, { ...state, q: 'latest' })).not.toHaveProperty(
    'untagged',
  )
  expect(await readImages(anna, { registry: 'hub', repository: app }, state)).not.toHaveProperty('untagged')
})
