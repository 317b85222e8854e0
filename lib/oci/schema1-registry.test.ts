import { request } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DockerRegistry, startDockerRegistry } from '../../e2e/servers/docker-registry.ts'
import { pushImage } from '../../e2e/servers/images.ts'
import { pushSchema1 } from '../../e2e/servers/schema1-images.ts'
import { MEDIA_TYPE } from './media-type.ts'
import { parseManifest } from './parse-manifest.ts'
import { parseTag } from './reference.ts'
import { retagSchema1 } from './retag-schema1.ts'
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

test('distribution takes a retagged manifest, under the digest that Lading computes', async () => {
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
