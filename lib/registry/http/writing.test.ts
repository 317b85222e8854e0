import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import { parseRepositoryName, parseTag } from '../../oci/reference.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startFaultProxy } from '../../testing/servers/fault-proxy.ts'
import { imageFor } from '../contract/samples.ts'
import { createHttpRegistry } from './http-registry.ts'

const server = await startDockerRegistry()
const proxy = await startFaultProxy(server.url)
const registry = createHttpRegistry({ name: 'r', url: proxy.url, timeouts: { retry: 5 } })
const repository = registry.repository(parseRepositoryName('team/app'))
const tag = parseTag('1')
beforeEach(() => {
  proxy.clear()
  proxy.requests.length = 0
})
afterAll(async () => {
  await registry.close()
  await proxy.stop()
  await server.stop()
})

describe('putting a manifest', () => {
  it('fails if the registry stores it under another digest', async () => {
    const content = await imageFor(repository)
    const other = digestOf('laid out in another way')
    proxy.on({
      method: 'PUT',
      path: '/manifests/',
      fault: { kind: 'headers', headers: { 'docker-content-digest': other } },
    })
    await expect(repository.putManifest(tag, content)).rejects.toMatchObject({
      kind: 'digest-mismatch',
      expected: digestOf(content.bytes),
      found: other,
    })
  })

  it.each([
    ['no digest', undefined],
    ['what isn’t a digest', 'sha256:1'],
    ['one of another algorithm', digestOf('x', 'sha512')],
  ])('succeeds if the registry reports %s', async (_name, digest) => {
    const content = await imageFor(repository)
    proxy.on({
      method: 'PUT',
      path: '/manifests/',
      fault: { kind: 'headers', headers: { 'docker-content-digest': digest } },
    })
    expect((await repository.putManifest(tag, content)).digest).toBe(digestOf(content.bytes))
  })

  it('succeeds for a document that only the registry can read, whatever its digest there', async () => {
    const headers = { 'docker-content-digest': digestOf('the signed part') }
    proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'answer', status: 201, headers } })
    const content = { mediaType: MEDIA_TYPE.schema1Signed, bytes: Buffer.from('{"schemaVersion":1,"odd":true}') }
    await expect(repository.putManifest(tag, content)).resolves.toMatchObject({ mediaType: content.mediaType })
  })

  it('at an immutable tag is denied, in the words of the registry', async () => {
    const body = '{"errors":[{"code":"PRECONDITION","message":"configured as immutable"}]}'
    proxy.on({ method: 'PUT', path: '/manifests/', fault: { kind: 'answer', status: 412, body } })
    await expect(repository.putManifest(tag, await imageFor(repository))).rejects.toMatchObject({
      kind: 'denied',
      detail: 'configured as immutable',
    })
  })
})

// Harbor and Docker Hub (goharbor/harbor#17097) where the account, or its token, can't read the other repository.
it.each([401, 403])('a blob that may not be mounted, which is answered with %i, is to be sent', async (status) => {
  const body = '{"errors":[{"code":"UNAUTHORIZED","message":"project other not found"}]}'
  proxy.on({ method: 'POST', path: 'mount=', fault: { kind: 'answer', status, body } })
  expect(await repository.mountBlob(digestOf('a layer'), parseRepositoryName('other/app'))).toBe(false)
})

describe('deleting a manifest', () => {
  it('succeeds if the response got lost and the manifest is deleted', async () => {
    const { digest } = await repository.putManifest(parseTag('lost'), await imageFor(repository))
    proxy.on({ method: 'DELETE', nth: 1, fault: { kind: 'lose-answer' } })
    await repository.deleteManifest(digest, { expectTags: [parseTag('lost')] })
    expect(proxy.count('DELETE', '/manifests/')).toBe(2)
    await expect(repository.resolve(digest)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('fails if the registry claims to lack a manifest it has', async () => {
    const { digest } = await repository.putManifest(parseTag('kept'), await imageFor(repository))
    proxy.on({ method: 'DELETE', fault: { kind: 'answer', status: 404 } })
    const deleting = repository.deleteManifest(digest, { expectTags: [parseTag('kept')] })
    await expect(deleting).rejects.toMatchObject({ kind: 'not-found', status: 404 })
    expect((await repository.resolve(digest)).digest).toBe(digest)
  })
})

it('a part of a blob beyond its end is refused as such', async () => {
  const { digest } = await repository.putBlob(Buffer.from('short'))
  proxy.on({ method: 'GET', path: '/blobs/', fault: { kind: 'answer', status: 416 } })
  await expect(repository.blob(digest, { range: { start: 100 } })).rejects.toMatchObject({
    kind: 'invalid',
    status: 416,
  })
})
