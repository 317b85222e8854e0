import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { EMPTY_LAYER, EMPTY_LAYER_DIGEST } from '../../oci/schema1/v1-history.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { createLayout } from '../../registry/layout/create-layout.ts'
import { createLayoutRegistry } from '../../registry/layout/layout-registry.ts'
import type { Repository } from '../../registry/registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { pushImage, tarOf } from '../../testing/servers/images.ts'
import { pushSchema1 } from '../../testing/servers/schema1-images.ts'
import { readImage } from '../inspect/image.ts'
import { v1ManifestOf } from '../lookup/legacy-images.ts'
import { tag } from '../testing/images.ts'
import { loadArchive } from './load-archive.ts'
import { writeDockerArchive, writeOciArchive } from './write-archive.ts'

const run = promisify(execFile)
const server = await startDockerRegistry({ schema1: true })
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'old', url: proxy.url })
const root = await mkdtemp(join(tmpdir(), 'lading-schema1-'))
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
  await rm(root, { recursive: true, force: true })
})

const [one, two] = [{ 'etc/one': '1' }, { 'etc/two': 'x'.repeat(300_000) }]
const created = '2016-02-03T04:05:06Z'
const history = [
  { created, created_by: 'ADD one' },
  { created, created_by: 'ENV A=b', empty_layer: true },
  { created, created_by: 'ADD two', comment: 'large', author: 'Ann' },
  { created, created_by: 'ADD one', author: 'Ann' },
  { created, created_by: 'CMD ["/one"]', empty_layer: true },
]

describe('a schema 1 image as docker save writes it', () => {
  let repository: Repository
  beforeAll(async () => {
    repository = registry.repository(parseRepositoryName('old/app'))
    const config = { created, history, config: { Env: ['A=b'], Cmd: ['/one'] } }
    await pushImage(server.url, 'old/app', ['new'], { layers: [one, two, one], labels: { owner: 'Ann' }, config })
    await repository.putBlob(EMPTY_LAYER)
    const converted = await v1ManifestOf(repository, await repository.manifest(tag('new')), tag('old'))
    if (!converted) throw new Error('no schema 1 form')
    await repository.putManifest(tag('old'), converted)
  })

  it('has the announced size, and is loaded as the original image', async () => {
    const archive = await writeDockerArchive(repository, tag('old'), { name: 'example.com/old/app:7' })
    const tar = await buffer(archive.stream)
    expect(tar).toHaveLength(archive.size)
    const target = await layout('loaded')
    const {
      images: [loaded],
    } = await loadArchive(target, Readable.from([tar]))
    expect(loaded).toMatchObject({ name: 'example.com/old/app:7', tag: '7' })
    const [before, after] = [await readImage(repository, tag('new')), await readImage(target, tag('7'))]
    // In schema 1 the last step is the configuration itself, which does not say what made it.
    const steps = before.config?.history.with(-1, { created, emptyLayer: true })
    expect(after.config).toEqual({ ...before.config, history: steps })
    if (before.manifest.kind !== 'oci-image' || after.manifest.kind !== 'oci-image') throw new Error('no image')
    expect(after.manifest.layers.map(({ digest }) => digest)).toEqual(
      before.manifest.layers.map(({ digest }) => digest),
    )
    const document = JSON.parse(Buffer.from(await target.blobBytes(after.manifest.config.digest)).toString())
    for (const field of ['id', 'parent', 'throwaway']) expect(document).not.toHaveProperty(field)
  })

  it('is read by skopeo', async () => {
    const file = join(root, 'archive.tar')
    await writeFile(file, (await writeDockerArchive(repository, tag('old'))).stream)
    const { stdout } = await run('skopeo', ['inspect', `docker-archive:${file}`])
    expect(JSON.parse(stdout)).toMatchObject({ Labels: { owner: 'Ann' }, Architecture: 'amd64', Env: ['A=b'] })
    const copied = join(root, 'copied')
    await run('skopeo', ['copy', '-q', '--insecure-policy', `docker-archive:${file}`, `oci:${copied}:1`])
    expect(JSON.parse(await readFile(join(copied, 'index.json'), 'utf8')).manifests).toHaveLength(1)
  })

  it('reads each distinct layer once, and no empty ones', async () => {
    const from = proxy.count('GET', '/blobs/')
    await buffer((await writeDockerArchive(repository, tag('old'))).stream)
    expect(proxy.count('GET', '/blobs/') - from).toBe(2)
    expect(proxy.count('GET', `/blobs/${EMPTY_LAYER_DIGEST}`)).toBe(0)
  })

  it('is refused as an OCI archive, with the alternative', async () => {
    const refusal = writeOciArchive(repository, tag('old'))
    await expect(refusal).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('docker save'),
    })
  })
})

it('stops at a layer that is a bomb', async () => {
  const zeros = gzipSync(Buffer.alloc(50_000_000))
  await pushSchema1(server.url, 'old/bomb', '1', { layers: [Buffer.concat(Array(10).fill(zeros))] })
  const archive = await writeDockerArchive(registry.repository(parseRepositoryName('old/bomb')), tag('1'))
  await expect(buffer(archive.stream)).rejects.toMatchObject({ kind: 'too-large' })
})

it('stops at a layer whose bytes don’t match its digest', async () => {
  const { layers } = await pushSchema1(server.url, 'old/wrong', '1', { layers: [await tarOf(two)] })
  proxy.on({ method: 'GET', path: `/blobs/${layers[0]?.digest}`, fault: { kind: 'flip-byte', at: 1000 } })
  const archive = await writeDockerArchive(registry.repository(parseRepositoryName('old/wrong')), tag('1'))
  await expect(buffer(archive.stream)).rejects.toMatchObject({ kind: 'digest-mismatch' })
})

it('stops reading from the registry when its reader gives up', async () => {
  const { layers } = await pushSchema1(server.url, 'old/given-up', '1', { layers: [{ big: randomBytes(300_000) }] })
  const path = `/v2/old/given-up/blobs/${layers[0]?.digest}`
  proxy.on({ method: 'GET', path, fault: { kind: 'slow-body', ms: 600_000, after: 100_000 } })
  const gaveUp = new AbortController()
  const repository = registry.repository(parseRepositoryName('old/given-up'))
  const { stream } = await writeDockerArchive(repository, tag('1'), { signal: gaveUp.signal })
  const read = buffer(stream)
  await expect.poll(() => proxy.count('GET', path)).toBe(1)
  gaveUp.abort()
  await expect(read).rejects.toThrow()
  await expect.poll(() => proxy.abandoned).toEqual([path])
})

it('is refused before its first byte when a layer is missing', async () => {
  const { layers } = await pushSchema1(server.url, 'old/holes', '1')
  const path = `/blobs/${layers[0]?.digest}`
  for (const method of ['HEAD', 'GET']) proxy.on({ method, path, fault: { kind: 'answer', status: 404 } })
  const archive = writeDockerArchive(registry.repository(parseRepositoryName('old/holes')), tag('1'))
  await expect(archive).rejects.toMatchObject({ kind: 'missing-content', expected: layers[0]?.digest })
})

async function layout(name: string): Promise<Repository> {
  const path = join(root, name)
  await createLayout(path)
  return createLayoutRegistry({ name, path }).repository(parseRepositoryName('team/app'))
}
