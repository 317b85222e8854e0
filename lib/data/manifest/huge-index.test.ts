import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { theStore } from '../../store/the-store.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { anna, configure } from '../testing/configure.ts'

const INDEX = 'application/vnd.oci.image.index.v1+json'
const PLATFORMS = 5_000
let registry: DockerRegistry
let proxy: FaultProxy
let folder = ''

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`

beforeAll(async () => {
  registry = await startDockerRegistry()
  proxy = await startFaultProxy(registry.url)
  folder = await configure({ hub: proxy.url })
  const manifests = Array.from({ length: PLATFORMS }, (_, at) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: sha256(String(at)),
    size: 500,
    platform: { os: 'linux', architecture: 'arm64', variant: `v${at}` },
  }))
  const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests })
  const headers = { 'content-type': INDEX, 'docker-content-digest': sha256(body) }
  proxy.on({ path: '/manifests/huge', fault: { kind: 'answer', status: 200, headers, body } })
})
afterAll(async () => {
  await (await theStore()).close()
  await proxy.stop()
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

test('an index of 5,000 platforms is read one page of them at a time', async () => {
  const { readManifestPage } = await import('./read-manifest.ts')
  const place = { registry: 'hub', repository: parseRepositoryName('team/huge') }
  const read = async (platforms: number) => {
    const before = proxy.count('GET', '/manifests/sha256:')
    const { children } = await readManifestPage(anna, place, parseTag('huge'), {
      platform: null,
      platforms,
      index: null,
    })
    expect(proxy.count('GET', '/manifests/sha256:') - before).toBeLessThanOrEqual(children.items.length + 1)
    expect(children.total).toBe(PLATFORMS)
    expect(JSON.stringify(children).length).toBeLessThan(100_000)
    return children.items.map(({ descriptor }) => descriptor.digest)
  }
  const [first, last] = [await read(1), await read(100)]
  expect(first).toEqual(Array.from({ length: 50 }, (_, at) => sha256(String(at))))
  expect(last).toEqual(Array.from({ length: 50 }, (_, at) => sha256(String(PLATFORMS - 50 + at))))
})
