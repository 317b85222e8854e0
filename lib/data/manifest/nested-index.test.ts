import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pointerTo, putImage, putIndex, tag } from '../../image/testing/images.ts'
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
  const linux = await putIndex(repository, [await entry('linux/amd64'), await entry('linux/arm64')])
  await putIndex(repository, [pointerTo(windows), pointerTo(linux)], { tags: ['1'] })
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
