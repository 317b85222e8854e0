import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { AccessError } from '../../access/access-error.ts'
import type { Actor } from '../../access/actor.ts'
import { attach } from '../../image/referrers/attach.ts'
import { putSignature } from '../../image/referrers/put-signature.ts'
import { pointerTo, putArtifact, putImage, putIndex } from '../../image/testing/images.ts'
import { digestOf } from '../../oci/digester.ts'
import { parseRepositoryName } from '../../oci/reference.ts'
import { createHttpRegistry } from '../../registry/http/http-registry.ts'
import { startDockerRegistry } from '../../testing/servers/docker-registry.ts'
import { startSignatureStore } from '../../testing/servers/signature-store.ts'

const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
const AMD64 = { os: 'linux', architecture: 'amd64' }
const server = await startDockerRegistry()
const front = await startSignatureStore(server.url)
const folder = await mkdtemp(join(tmpdir(), 'lading-referrers-'))
await writeFile(join(folder, 'lading.yaml'), `registries:\n  - { name: local, url: '${front.url}' }\n`)
process.env.LADING_CONFIG = join(folder, 'lading.yaml')
process.env.DATA_DIR = folder
const { downloadSignature, readReferrers } = await import('./read-referrers.ts')

const admin: Actor = { kind: 'user', username: 'anna', groups: [], role: 'admin', grants: [], readOnly: false }
const stranger: Actor = { ...admin, username: 'bo', role: 'none' }
const registry = createHttpRegistry({ name: 'direct', url: front.url })
const name = parseRepositoryName('team/app')
const repository = registry.repository(name)
afterAll(async () => {
  await registry.close()
  for (const each of [front, server]) await each.stop()
  await rm(folder, { recursive: true, force: true })
})

const payloadFor = (digest: string) =>
  Buffer.from(JSON.stringify({ critical: { image: { 'docker-manifest-digest': digest } } }))
const image = await putImage(repository, { platform: AMD64 })
const index = await putIndex(repository, [pointerTo(image, { platform: AMD64 })], { tags: ['1.0'] })
const read = () =>
  readReferrers(admin, { registry: 'local', repository: name }, { digest: index.digest, child: image.digest })

it('counts signatures by what carries them, and flags one about another manifest', async () => {
  for (const signature of ['YQ==', 'Yg=='])
    await putSignature(repository, index.digest, { form: 'cosign', payload: payloadFor(index.digest), signature })
  const misplaced = { mediaType: SIMPLE_SIGNING, content: payloadFor(index.digest).toString() }
  await putArtifact(repository, [misplaced], { tags: [`${image.digest.replace(':', '-')}.sig`] })
  const { items, counts, platform, partial } = await read()
  expect(counts).toMatchObject({ signature: 3 })
  expect([platform, partial]).toEqual(['linux/amd64', undefined])
  expect(items).toMatchObject([
    { source: 'cosign-tag', kind: 'signature', statements: [{}, {}], types: [SIMPLE_SIGNING], claim: 'about-subject' },
    { kind: 'signature', statements: [{}], about: 'linux/amd64', claim: 'about-another' },
  ])
  expect(items[0]).toMatchObject({ bytes: 2 * payloadFor(index.digest).length })
  expect(items[0]).not.toHaveProperty('about')
})

it('shows a referrer’s type and creation time, and leaves out an invalid time', async () => {
  const artifactType = 'application/vnd.example.report'
  const blobs = [{ mediaType: 'application/json', content: Buffer.from('{}') }]
  const created = ['2026-01-02T03:04:05Z', 'verified']
  for (const text of created)
    await attach(repository, index.digest, {
      artifactType,
      blobs,
      annotations: { 'org.opencontainers.image.created': text },
    })
  const reports = (await read()).items.filter(({ kind }) => kind === 'artifact')
  expect(reports).toMatchObject([{ types: [artifactType] }, { types: [artifactType] }])
  expect(reports.map((item) => 'created' in item && item.created)).toEqual([created[0], false])
})

it('a missing referrer is listed with the problem', async () => {
  const artifactType = 'application/vnd.cncf.notary.signature'
  const { digest } = await attach(repository, index.digest, { artifactType, blobs: [] })
  front.on({ method: 'GET', path: `/manifests/${digest}`, fault: { kind: 'answer', status: 404 } })
  const { items } = await read()
  expect(items.find((item) => 'descriptor' in item && item.descriptor.digest === digest)).toMatchObject({
    kind: 'signature',
    types: [artifactType],
    problem: { code: 'registry.not-found' },
  })
})

it('lists a signature from the registry’s own store, downloadable by readers of the repository', async () => {
  const content = Buffer.from('an OpenPGP message')
  const placed = await putSignature(repository, index.digest, { form: 'store', content })
  const stored = placed.form === 'store' ? placed.name : ''
  expect((await read()).items).toContainEqual({
    source: 'signature-store',
    kind: 'signature',
    statements: [{ kind: 'signature', id: digestOf(content) }],
    name: stored,
    subject: index.digest,
    bytes: content.length,
  })
  const download = (actor: Actor, signature: string) =>
    downloadSignature(actor, { registry: 'local', repository: name }, index.digest, signature)
  expect(Buffer.from(await download(admin, stored))).toEqual(content)
  await expect(download(admin, `${stored}0`)).rejects.toMatchObject({ kind: 'not-found' })
  const asked = front.requests.length
  await expect(download(stranger, stored)).rejects.toBeInstanceOf(AccessError)
  expect(front.requests).toHaveLength(asked)
})

it('lists an index’s attestations about an image on the image’s own page when the index is known', async () => {
  const attestation = await putArtifact(repository, [{ mediaType: 'application/vnd.in-toto+json', content: '{}' }])
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': image.digest,
  }
  const attested = await putIndex(repository, [
    pointerTo(image, { platform: AMD64 }),
    pointerTo(attestation, { annotations }),
  ])
  const digests = async (parent?: typeof attested.digest) =>
    (await readReferrers(admin, { registry: 'local', repository: name }, { digest: image.digest, parent })).items.map(
      (item) => 'descriptor' in item && item.descriptor.digest,
    )
  expect(await digests(attested.digest)).toContain(attestation.digest)
  expect(await digests()).not.toContain(attestation.digest)
})

it('counts nothing while not all that refers to an image can be listed', async () => {
  const { countReferrers } = await import('./count-referrers.ts')
  const unsigned = await putImage(repository, { platform: AMD64 })
  const count = () => countReferrers(admin, { registry: 'local', repository: name }, { digest: unsigned.digest })
  front.clear()
  front.on({ path: '/extensions/', fault: { kind: 'answer', status: 500 } })
  await expect(count()).rejects.toMatchObject({ kind: 'unavailable' })
  front.clear()
  expect(await count()).toEqual({ signature: 0, attestation: 0, sbom: 0, artifact: 0 })
})
