import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cosignTag } from '../../image/referrers/referrers-tag.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../../image/testing/images.ts'
import type { Digest } from '../../oci/digest.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parsePlatform } from '../../oci/platform.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { theStore } from '../../store/the-store.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { anna, configure } from '../testing/configure.ts'

const place = { registry: 'hub', repository: parseRepositoryName('team/nested') }
let registry: DockerRegistry
let proxy: FaultProxy
let folder = ''
let absent = ''
let root: Digest
let arm: Digest

beforeAll(async () => {
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  folder = await configure({ hub: proxy.url })
  const repository = createHttpRegistry({ name: 'hub', url: registry.url }).repository(place.repository)
  const entry = async (platform: string) => {
    const parsed = parsePlatform(platform)
    return pointerTo(await putImage(repository, { platform: parsed }), { platform: parsed })
  }
  const windows = await putIndex(repository, [await entry('windows/amd64')])
  const arm64 = await entry('linux/arm64')
  arm = arm64.digest
  const linux = await putIndex(repository, [await entry('linux/amd64'), arm64])
  root = (await putIndex(repository, [pointerTo(windows), pointerTo(linux)], { tags: ['1'] })).digest
  await putArtifact(repository, [{ mediaType: 'text/spdx', content: 'SPDX' }], { tags: [cosignTag(arm, 'sbom')] })
  await putIndex(repository, [{ ...arm64, mediaType: MEDIA_TYPE.ociIndex }], { tags: ['3'] })
  const other = await putIndex(repository, [await entry('windows/arm64')])
  await putIndex(repository, [pointerTo(other), pointerTo(linux)], { tags: ['2'] })
  absent = other.digest
})
afterAll(async () => {
  await (await theStore()).close()
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

async function read(platform: string | null, name = '1') {
  const { readManifestPage } = await import('./read-manifest.ts')
  const { children, selected } = await readManifestPage(anna, place, tag(name), {
    platform,
    platforms: null,
    index: null,
  })
  return {
    platforms: children.items.map(({ descriptor, child }) => (child.ok ? descriptor.platform : child.problem.code)),
    selected: selected?.child.ok ? selected.child.value.config?.platform : selected?.descriptor.digest,
  }
}

test('the platforms of indexes in an index are listed, shown and selected like its own', async () => {
  const platforms = ['windows/amd64', 'linux/amd64', 'linux/arm64']
  expect(await read(null)).toEqual({ platforms, selected: 'linux/amd64' })
  expect(await read('windows/amd64')).toEqual({ platforms, selected: 'windows/amd64' })
})

test('an index in an index that is missing stands among the platforms as missing', async () => {
  proxy.on({ path: `/manifests/${absent}`, fault: { kind: 'answer', status: 404 } })
  expect((await read(null, '2')).platforms).toEqual(['registry.not-found', 'linux/amd64', 'linux/arm64'])
})

test('an image that an index calls an index stands among the platforms', async () => {
  expect((await read(null, '3')).platforms).toEqual(['linux/arm64'])
})

test('an image in an index in an index shows what it is part of, and what is attached to it', async () => {
  const { readManifestPage } = await import('./read-manifest.ts')
  const { relatives } = await readManifestPage(anna, place, arm, { platform: null, platforms: null, index: root })
  expect(relatives.parent).toMatchObject({ digest: root, platform: 'linux/arm64' })
  const { readReferrers } = await import('./read-referrers.ts')
  const { counts, items, platform } = await readReferrers(anna, place, { digest: root, child: arm })
  expect(counts.sbom).toBe(1)
  expect([platform, ...items.map(({ about }) => about)]).toEqual(['linux/arm64', 'linux/arm64'])
})
