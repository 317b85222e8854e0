import { afterAll, describe, expect, it } from 'vitest'
import type { Digest } from '../../oci/digest.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import type { FaultProxy } from '../../testing/servers/fault-proxy.ts'
import { startSignatureStore } from '../../testing/servers/signature-store.ts'
import { openLayout, useHome } from '../testing/homes.ts'
import { putArtifact, putImage } from '../testing/images.ts'
import { attach } from './attach.ts'
import { nameOfReferrer } from './referrer.ts'
import { listReferrers } from './referrers.ts'

const server = await startDockerRegistry()
const front = await startSignatureStore(server.url)
const registry = createHttpRegistry({ name: 'front', url: front.url, timeouts: { retry: 1 } })
afterAll(async () => {
  await registry.close()
  for (const each of [front, server]) await each.stop()
})

/** An image with two referrers, the first of which is answered as `fault` says. */
async function withFault(name: string, fault: Parameters<FaultProxy['on']>[0]['fault']) {
  const repository = registry.repository(parseRepositoryName(name))
  const { digest } = await putImage(repository)
  const reports = ['one', 'two'].map((content) => ({ mediaType: 'text/plain', content: Buffer.from(content) }))
  const put: Digest[] = []
  for (const blob of reports)
    put.push((await attach(repository, digest, { artifactType: 'application/spdx+json', blobs: [blob] })).digest)
  const remove = front.on({ method: 'GET', path: `/${name}/manifests/${put[0]}`, fault })
  const listed = await listReferrers(repository, digest)
  remove()
  return { listed, put }
}

it.each([
  ['is gone', { kind: 'answer', status: 404 }, { kind: 'not-found' }],
  ['was changed', { kind: 'flip-byte', at: 40 }, { kind: 'digest-mismatch' }],
  ['may not be read', { kind: 'answer', status: 403 }, { kind: 'denied' }],
] as const)('a referrer that %s is listed with its problem, beside the others', async (what, fault, expected) => {
  const { listed, put } = await withFault(`faults/${what.replaceAll(' ', '-')}`, fault)
  expect(listed.end).toEqual({ complete: true })
  expect(listed.items.map(nameOfReferrer)).toEqual(put)
  const [broken, whole] = listed.items
  expect(broken).toMatchObject({ kind: 'sbom', fault: expected })
  expect(broken).not.toHaveProperty('parts')
  expect(whole).not.toHaveProperty('fault')
})

it('a failing signature store makes the list partial and hides nothing else', async () => {
  const repository = registry.repository(parseRepositoryName('store/app'))
  const { digest } = await putImage(repository)
  const tags = [`${digest.replace(':', '-')}.sig`]
  const layer = { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', content: '{}' }
  const cosign = await putArtifact(repository, [layer], { tags })
  await listReferrers(repository, digest)
  front.clear()
  front.on({ path: '/extensions/', fault: { kind: 'answer', status: 500 } })
  const { items, end } = await listReferrers(repository, digest)
  expect(items.map(nameOfReferrer)).toEqual([cosign.digest])
  expect(end).toMatchObject({ complete: false, reason: expect.stringContaining('signatures couldn’t be read') })
})

describe('of more than a hundred referrers', () => {
  const layout = useHome(openLayout)
  it('the first hundred are read, and the others shown from their descriptors', async () => {
    const repository = layout().fresh()
    const { digest } = await putImage(repository)
    for (let i = 0; i < 102; i++)
      await attach(repository, digest, { artifactType: 'application/spdx+json', blobs: [], annotations: { i: `${i}` } })
    const { items, end } = await listReferrers(repository, digest)
    expect(end).toEqual({ complete: true })
    expect(items).toHaveLength(102)
    expect(items.map((item) => 'parts' in item)).toEqual(items.map((_, position) => position < 100))
    expect(items.every(({ kind }) => kind === 'sbom')).toBe(true)
  })
})
