import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DockerRegistry, startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { pushBlob, pushImage, pushIndex } from '../../testing/servers/images.ts'
import { pushSchema1 } from '../../testing/servers/schema1-images.ts'
import type { Descriptor } from '../descriptor.ts'
import { MEDIA_TYPE } from '../media-type.ts'
import { parseManifest } from '../parse-manifest.ts'
import { parseRepositoryName, parseTag } from '../reference.ts'
import { legacyImageIds } from './legacy-image-ids.ts'
import { parseSchema1 } from './parse-schema1.ts'
import { retagSchema1 } from './retag-schema1.ts'
import { v1CompatibleManifest } from './v1-compatible-manifest.ts'
import { EMPTY_LAYER } from './v1-history.ts'
import { verifySchema1 } from './verify-schema1.ts'

let registry: DockerRegistry

beforeAll(async () => {
  registry = await startDockerRegistry({ schema1: true })
})
afterAll(async () => registry?.stop())

async function get(path: string) {
  const { statusCode, headers, body } = await request(`${registry.url}/v2/${path}`, {
    headers: { accept: MEDIA_TYPE.schema1Signed },
  })
  const bytes = new Uint8Array(await body.arrayBuffer())
  return { statusCode, bytes, type: String(headers['content-type']), digest: String(headers['docker-content-digest']) }
}

test('a manifest that distribution itself converted and signed verifies', async () => {
  const labels = { maintainer: 'Zoë' }
  await pushImage(registry.url, 'team/app', ['v1'], { mediaTypes: 'docker', labels })
  const answer = await get('team/app/manifests/v1')
  expect(answer).toMatchObject({ statusCode: 200, type: MEDIA_TYPE.schema1Signed })
  expect(verifySchema1(answer.bytes)).toMatchObject({
    agree: true,
    signatures: [{ verdict: 'valid', algorithm: 'ES256' }],
  })
  expect(parseManifest(answer.bytes, { contentType: answer.type })).toMatchObject({
    kind: 'schema1',
    document: { name: 'team/app', tag: 'v1', architecture: 'amd64' },
  })
})

test('distribution accepts a retagged manifest, under the digest that Lading computes', async () => {
  const original = await pushSchema1(registry.url, 'team/old', 'v1')
  const bytes = retagSchema1(original.bytes, parseTag('v2'))
  const put = await request(`${registry.url}/v2/team/old/manifests/v2`, {
    method: 'PUT',
    headers: { 'content-type': MEDIA_TYPE.schema1Signed },
    body: bytes,
  })
  expect([put.statusCode, await put.body.text()]).toEqual([201, ''])
  const { digest } = parseManifest(bytes)
  expect(put.headers['docker-content-digest']).toBe(digest)
  expect(digest).not.toBe(original.digest)

  const answer = await get('team/old/manifests/v2')
  expect(answer).toMatchObject({ statusCode: 200, digest })
  expect(parseManifest(answer.bytes)).toMatchObject({ digest, document: { tag: 'v2' } })
  expect(verifySchema1(answer.bytes).signatures.map((signature) => signature.verdict)).toContain('valid')
})

const read = async (path: string, accept: string) => {
  const { statusCode, body } = await request(`${registry.url}/v2/${path}`, { headers: { accept } })
  const bytes = new Uint8Array(await body.arrayBuffer())
  return statusCode === 200 ? bytes : undefined
}
const contentOf = (repository: string) => ({
  name: parseRepositoryName(repository),
  tag: parseTag('v1'),
  manifest: async ({ digest, mediaType }: Descriptor) => {
    const bytes = await read(`${repository}/manifests/${digest}`, mediaType)
    return bytes && parseManifest(bytes)
  },
  blob: ({ digest }: Descriptor) => read(`${repository}/blobs/${digest}`, '*/*'),
})

test('the v1 form of an image, including its ids, matches what distribution makes of it', async () => {
  const history = [
    { created: '2026-01-01T00:00:00Z', created_by: 'COPY <a> & b', author: 'Zoë' },
    { created: '2026-01-02T00:00:00Z', created_by: 'ENV A=b', comment: 'c', empty_layer: true },
    { created: '2026-01-03T00:00:00Z', created_by: 'RUN x' },
    { created: '2026-01-04T00:00:00Z', created_by: 'CMD y', empty_layer: true },
  ]
  const image = await pushImage(registry.url, 'team/steps', ['v1'], {
    mediaTypes: 'docker',
    labels: { a: '<b>' },
    config: { history },
  })
  const theirs = parseSchema1((await get('team/steps/manifests/v1')).bytes)
  const manifest = parseManifest(image.bytes)
  const ours = await v1CompatibleManifest(manifest, contentOf('team/steps'))
  const images = (document: typeof theirs | undefined) =>
    document?.layers.map((layer) => [layer.digest, JSON.parse(layer.v1Compatibility)])
  expect(images(ours?.document)).toEqual(images(theirs))
  expect(ours?.document).toMatchObject({ name: 'team/steps', tag: 'v1', architecture: 'amd64' })
  expect(legacyImageIds(manifest, image.config.bytes)).toEqual(images(theirs)?.map(([, v1]) => v1.id))
})

test('an index yields its linux/amd64 image, and distribution accepts the result', async () => {
  const repository = 'team/multi'
  const arm = await pushImage(registry.url, repository, [], {
    mediaTypes: 'docker',
    platform: { os: 'linux', architecture: 'arm64' },
  })
  const amd = await pushImage(registry.url, repository, [], {
    mediaTypes: 'docker',
    config: { history: [{ created_by: 'a' }, { created_by: 'b' }, { created_by: 'c', empty_layer: true }] },
  })
  const index = await pushIndex(
    registry.url,
    repository,
    ['v1'],
    [
      { manifest: arm, platform: { os: 'linux', architecture: 'arm64' } },
      { manifest: amd, platform: { os: 'linux', architecture: 'amd64' } },
    ],
  )
  const converted = await v1CompatibleManifest(parseManifest(index.bytes), contentOf(repository))
  if (!converted) throw new Error('nothing was converted')
  await pushBlob(registry.url, repository, Buffer.from(EMPTY_LAYER))
  const put = await request(`${registry.url}/v2/${repository}/manifests/v1`, {
    method: 'PUT',
    headers: { 'content-type': converted.mediaType },
    body: converted.bytes,
  })
  expect([put.statusCode, await put.body.text()]).toEqual([201, ''])
  expect(put.headers['docker-content-digest']).toBe(converted.digest)
  expect(converted.document.layers.slice(0, 2).map((layer) => layer.digest)).toEqual(amd.layers.map((l) => l.digest))
})

test('an image of another platform has no v1 form', async () => {
  const image = await pushImage(registry.url, 'team/arm', ['v1'], {
    mediaTypes: 'docker',
    platform: { os: 'linux', architecture: 'arm64' },
  })
  expect(await v1CompatibleManifest(parseManifest(image.bytes), contentOf('team/arm'))).toBeUndefined()
})
