import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { parseRepositoryName } from '../../oci/reference.ts'
import { verifySchema1 } from '../../oci/schema1/verify-schema1.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import type { Repository } from '../../registry/registry.ts'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { type FaultProxy, startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { pushSchema1 } from '../../testing/servers/schema1-images.ts'
import { skopeoCopy, skopeoRaw } from '../../testing/servers/skopeo.ts'
import { digestAt } from '../graph/digest-at.ts'
import { checkCompleteness } from '../inspect/validate.ts'
import { putImage, tag } from '../testing/images.ts'
import type { CopyProgress } from './blob-mover.ts'
import { copyImage } from './copy.ts'
import { retag } from './retag.ts'

let from: DockerRegistry
let to: DockerRegistry
let sourceProxy: FaultProxy
let targetProxy: FaultProxy
let count = 0

beforeAll(async () => {
  from = await startDockerRegistry({ schema1: true })
  to = await startDockerRegistry({ schema1: true })
  sourceProxy = await startFaultProxy(from.url)
  targetProxy = await startFaultProxy(to.url)
})
afterAll(async () => {
  await Promise.all([sourceProxy?.stop(), targetProxy?.stop()])
  await Promise.all([from?.stop(), to?.stop()])
})
beforeEach(() => {
  sourceProxy.clear()
  targetProxy.clear()
})

describe('a copy between registries that misbehave', () => {
  it.each([
    [
      'the source closes the connection in the middle of a layer',
      () => sourceProxy,
      { method: 'GET', path: '/blobs/', nth: 2, fault: { kind: 'truncate', bytes: 90_000 } },
    ],
    [
      'the source answers 503 once',
      () => sourceProxy,
      { method: 'GET', path: '/blobs/', nth: 1, fault: { kind: 'answer', status: 503 } },
    ],
    [
      'the destination closes the connection of an upload',
      () => targetProxy,
      { method: 'PUT', path: '/uploads/', nth: 1, fault: { kind: 'reset' } },
    ],
    [
      'the destination answers 503 to an upload',
      () => targetProxy,
      { method: 'PUT', path: '/uploads/', nth: 2, fault: { kind: 'answer', status: 503 } },
    ],
  ] as const)('completes when %s', async (_, proxy, rule) => {
    const { source, target } = fresh()
    await putImage(source, { tags: ['1.0'], layers: [randomBytes(200_000), randomBytes(150_000)] })
    proxy().on(rule)
    let last: CopyProgress | undefined
    const onProgress = (at: CopyProgress) => {
      last = at
    }
    const report = await copyImage(at(source, '1.0'), at(target, '1.0'), { onProgress, concurrency: 1 })
    expect(report.blobs.sent).toBe(3)
    expect(last?.sentBytes).toBe(last?.totalBytes)
    expect(await checkCompleteness(target, tag('1.0'), { full: true })).toMatchObject({ complete: true })
  })

  it('writes no tag when the source sends wrong bytes', async () => {
    const { source, target } = fresh()
    await putImage(source, { tags: ['1.0'], layers: [randomBytes(100_000)] })
    sourceProxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'flip-byte', at: 50 } })
    await expect(copyImage(at(source, '1.0'), at(target, '1.0'))).rejects.toMatchObject({ name: 'RegistryError' })
    expect(await digestAt(target, tag('1.0'))).toBeUndefined()
  })

  it('is a conflict if the tag is pushed while it runs', async () => {
    const { source, target } = fresh()
    await putImage(source, { tags: ['1.0'] })
    const theirs = await putImage(target, { tags: ['other'] })
    let pushed = false
    targetProxy.on({
      method: 'PUT',
      path: '/uploads/',
      nth: 1,
      fault: {
        kind: 'run',
        run: async () => {
          const direct = createHttpRegistry({ name: 'direct', url: to.url }).repository(target.name)
          await direct.putManifest(tag('1.0'), theirs)
          pushed = true
        },
      },
    })
    await expect(copyImage(at(source, '1.0'), at(target, '1.0'))).rejects.toMatchObject({
      kind: 'conflict',
      found: theirs.digest,
    })
    expect(pushed).toBe(true)
    expect(await digestAt(target, tag('1.0'))).toBe(theirs.digest)
  })
})

describe('schema 1, which names its own place', () => {
  it('is signed again under another tag and in another repository, and stays complete', async () => {
    const { source, target } = fresh()
    const pushed = await pushSchema1(from.url, source.name, 'old')
    const renamed = await retag(source, { from: tag('old'), to: tag('new'), expect: null })
    expect(renamed.digest).not.toBe(pushed.digest)
    expect(await source.manifest(tag('new'))).toMatchObject({ digest: renamed.digest, document: { tag: 'new' } })
    const again = await retag(source, { from: tag('old'), to: tag('new'), expect: renamed.digest })
    expect(again).toMatchObject({ digest: renamed.digest, unchanged: true })

    let last: CopyProgress | undefined
    const onProgress = (now: CopyProgress) => {
      last = now
    }
    const report = await copyImage(at(source, 'old'), at(target, 'copied'), { onProgress })
    expect(report.changed).toEqual({ from: pushed.digest, reason: 'schema1' })
    expect(last?.totalBytes).toBeGreaterThan(0)
    expect(last?.sentBytes).toBe(last?.totalBytes)
    const copied = await target.manifest(tag('copied'))
    expect(copied).toMatchObject({ kind: 'schema1', document: { name: target.name, tag: 'copied' } })
    expect(verifySchema1(copied.bytes).signatures.map((signature) => signature.verdict)).toEqual(['valid'])
    expect(await checkCompleteness(target, tag('copied'), { full: true })).toMatchObject({ complete: true })
  })
})

describe('copies and skopeo', () => {
  it('read each other’s results', async () => {
    const { source, target } = fresh()
    const image = await putImage(source, { tags: ['1.0'], docker: true })
    await skopeoCopy(`docker://${from.host}/${source.name}:1.0`, `docker://${from.host}/${source.name}:by-skopeo`)
    const report = await copyImage(at(source, 'by-skopeo'), at(target, '1.0'))
    expect(report.digest).toBe(image.digest)
    const folder = await mkdtemp(join(tmpdir(), 'lading-skopeo-'))
    try {
      await skopeoCopy(`docker://${to.host}/${target.name}:1.0`, `oci:${folder}:back`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    expect(new Uint8Array(await skopeoRaw(`docker://${to.host}/${target.name}:1.0`))).toEqual(image.bytes)
  })
})

function fresh(): { source: Repository; target: Repository } {
  const name = parseRepositoryName(`team/copy${++count}`)
  return {
    source: createHttpRegistry({ name: 'from', url: sourceProxy.url }).repository(name),
    target: createHttpRegistry({ name: 'to', url: targetProxy.url }).repository(name),
  }
}

function at(repository: Repository, name: string) {
  return { repository, reference: tag(name) }
}
