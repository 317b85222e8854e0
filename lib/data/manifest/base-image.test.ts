import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../access/actor.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { writeSamples } from '../../registry/layout/samples/samples.ts'

let folder = ''
const rights = { groups: [], grants: [], readOnly: false } as const
const vera: Actor = { kind: 'user', username: 'vera', role: 'viewer', ...rights }
const nobody: Actor = { kind: 'user', username: 'no', role: 'none', ...rights }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lading-data-'))
  await writeSamples(join(folder, 'layout'))
  const registries = `registries:\n  - { name: local, layout: ./layout }\n  - { name: hub, url: 'https://registry.example.com' }\n`
  await writeFile(join(folder, 'lading.yaml'), registries)
  process.env.LADING_CONFIG = join(folder, 'lading.yaml')
  process.env.DATA_DIR = folder
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the base of a sample image links to the image it is built on', async () => {
  const { readNames } = await import('../registries/read-repositories.ts')
  await readNames(vera)
  const { readManifestPage } = await import('./read-manifest.ts')
  const state = { platform: null, platforms: null, index: null }
  const shop = parseRepositoryName('samples/web/storefront')
  const page = await readManifestPage(vera, { registry: 'local', repository: shop }, parseTag('latest'), state)
  const { aboutView } = await import('./about.ts')
  const { pageLabels } = await import('./page-labels.ts')
  const { base } = aboutView(pageLabels(page))
  const { baseImageHref } = await import('./base-image.ts')
  const href = base && (await baseImageHref(vera, 'local', base))
  const { openRepository } = await import('../registries/open.ts')
  const place = { registry: 'local', repository: parseRepositoryName('samples/platform/base') }
  const tag = parseTag(base?.name?.split(':')[1] ?? '')
  expect(href).toBe(
    `/r/local/samples/platform/base@${(await openRepository(vera, 'browse', place).resolve(tag)).digest}`,
  )
  expect(base && (await baseImageHref(nobody, 'local', base))).toBeUndefined()
})

test.each([
  ['registry.example.com/team/base:1', '/r/hub/team/base:1'],
  ['samples/platform/base', '/r/local/samples/platform/base:latest'],
  ['samples/platform/unknown:1', undefined],
  ['debian:bookworm', undefined],
  ['not a reference', undefined],
])('a base named %s is at %s', async (name, href) => {
  const { readNames } = await import('../registries/read-repositories.ts')
  await readNames(vera)
  const { baseImageHref } = await import('./base-image.ts')
  expect(await baseImageHref(vera, 'local', { name })).toBe(href)
})
