import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it, vi } from 'vitest'
import { stringify } from 'yaml'
import { type Digest, parseDigest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { call, digestOfTag, pushImage } from '../../testing/servers/images.ts'
import { tag } from '../testing/images.ts'
import { restoreManifest } from './restore.ts'

const run = promisify(execFile)
const folder = await mkdtemp(join(tmpdir(), 'lading-collected-'))
const storage = join(folder, 'storage')
const server = await startDockerRegistry({ storage })
const registry = createHttpRegistry({ name: 'r', url: server.url })
afterAll(async () => {
  await registry.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

/** As people run it beside a registry that goes on serving. */
async function collectGarbage(): Promise<void> {
  const config = join(folder, 'collect.yml')
  await writeFile(config, stringify({ version: 0.1, storage: { filesystem: { rootdirectory: storage } } }))
  await run('/usr/bin/docker-registry', ['garbage-collect', config])
}

it('refuses to restore an image whose collected layers the registry only remembers, and writes nothing', async () => {
  const name = parseRepositoryName('team/collected')
  const repository = registry.repository(name)
  const { digest } = await pushImage(server.url, name, ['1.0'], { labels: { name } })
  const image = await repository.manifest(parseDigest(digest))
  await repository.deleteManifest(image.digest, { expectTags: [tag('1.0')] })
  await collectGarbage()
  await expect(restoreManifest(repository, image, [tag('1.0')])).rejects.toMatchObject({
    kind: 'missing-content',
    message: expect.stringContaining('restart the registry'),
  })
  const { body } = await call(server.url, 'GET', `/v2/${name}/tags/list`)
  expect(body.toString()).not.toContain('1.0')
})

it('asks once for layers that the restored images share, and for each config', async () => {
  const name = parseRepositoryName('team/shared')
  const repository = registry.repository(name)
  const served = new Set<Digest>()
  const asked: string[] = []
  for (const version of ['1', '2']) {
    const { digest } = await pushImage(server.url, name, [version], { labels: { version } })
    const image = await repository.manifest(parseDigest(digest))
    await repository.deleteManifest(image.digest, { expectTags: [tag(version)] })
    const read = vi.spyOn(repository, 'blob')
    const look = vi.spyOn(repository, 'statBlob')
    expect(await restoreManifest(repository, image, [tag(version)], { served })).toMatchObject({ digest })
    asked.push(`${read.mock.calls.length} read, ${look.mock.calls.length} looked at`)
    vi.restoreAllMocks()
  }
  expect(asked).toEqual(['3 read, 0 looked at', '1 read, 0 looked at'])
})

it('asks once whether a deleted tag is free, and once for what it has put back', async () => {
  const name = parseRepositoryName('team/free')
  const { digest } = await pushImage(server.url, name, ['1.0', 'latest'])
  await using proxy = await startFaultProxy(server.url)
  const repository = createHttpRegistry({ name: 'r', url: proxy.url }).repository(name)
  const image = await repository.manifest(parseDigest(digest))
  await repository.deleteManifest(image.digest, { expectTags: [tag('1.0'), tag('latest')] })
  proxy.requests.length = 0
  await restoreManifest(repository, image, [tag('1.0'), tag('latest')])
  const asked = proxy.requests.flatMap(({ method, path }) => {
    const [, reference] = /manifests\/(.+)/.exec(path) ?? []
    return reference ? `${method} ${reference}` : []
  })
  expect(asked).toEqual(['GET 1.0', 'PUT 1.0', 'GET latest', 'PUT latest', `GET ${digest}`])
})

it('calls no manifest restored that the registry accepts and doesn’t serve, until it is restarted', async () => {
  const name = parseRepositoryName('team/remembered')
  const repository = registry.repository(name)
  const { digest } = await pushImage(server.url, name, ['1.0'])
  // Keeps config and layers.
  await pushImage(server.url, name, ['other'], { annotations: { of: 'other' } })
  const image = await repository.manifest(parseDigest(digest))
  await repository.deleteManifest(image.digest, { expectTags: [tag('1.0')] })
  await collectGarbage()
  await expect(restoreManifest(repository, image, [tag('1.0')])).rejects.toMatchObject({ kind: 'missing-content' })
  await server.stop()
  await using again = await startDockerRegistry({ storage, port: server.port })
  expect(await restoreManifest(repository, image, [tag('1.0')])).toMatchObject({ digest, tags: ['1.0'] })
  expect(await digestOfTag(again.url, name, '1.0')).toBe(digest)
})
