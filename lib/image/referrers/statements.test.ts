import { describe, expect, it } from 'vitest'
import { isRecord } from '../../oci/descriptor.ts'
import { parseJson } from '../../oci/json.ts'
import { MEDIA_TYPE } from '../../oci/media-type.ts'
import type { Repository } from '../../registry/registry.ts'
import { startRegistry, useHome } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex, tag } from '../testing/images.ts'
import { attach } from './attach.ts'
import { listReferrers } from './referrers.ts'
import { countStatements } from './statements.ts'

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const SIMPLE = 'application/vnd.dev.cosign.simplesigning.v1+json'
const inToto = (predicateType: string, n = 0) => ({
  mediaType: MEDIA_TYPE.inToto,
  content: JSON.stringify({ predicateType, n }),
  annotations: { 'in-toto.io/predicate-type': predicateType },
})
const dsse = (predicateType: string, n = 0) => ({
  mediaType: 'application/vnd.dsse.envelope.v1+json',
  content: JSON.stringify({ predicateType, n }),
  annotations: { predicateType },
})
const bundleOf = (statement: object) =>
  JSON.stringify({
    mediaType: BUNDLE,
    dsseEnvelope: {
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [{ sig: '' }],
    },
  })

/** Takes annotations and artifact types out of the fallback index, as some clients write it. */
async function stripFallbackIndex(repository: Repository, of: string): Promise<void> {
  const name = tag(of.replace(':', '-'))
  const { bytes, digest } = await repository.manifest(name)
  const document = parseJson(bytes)
  const entries = isRecord(document) && Array.isArray(document.manifests) ? document.manifests : []
  const manifests = entries.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }))
  const stripped = Buffer.from(JSON.stringify({ ...(isRecord(document) ? document : {}), manifests }))
  await repository.putManifest(name, { mediaType: MEDIA_TYPE.ociIndex, bytes: stripped }, { expect: digest })
}

describe('referrers of an image in docker-registry', () => {
  const home = useHome(startRegistry)

  it('are attestations although the fallback index lacks their annotations', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository)
    const slsa = 'https://slsa.dev/provenance/v1'
    const annotations = { 'dev.sigstore.bundle.predicateType': slsa }
    const named = [{ mediaType: BUNDLE, content: Buffer.from(bundleOf({ predicateType: slsa, of: 'manifest' })) }]
    await attach(repository, digest, { artifactType: BUNDLE, blobs: named, annotations })
    const inside = [{ mediaType: BUNDLE, content: Buffer.from(bundleOf({ predicateType: slsa, of: 'payload' })) }]
    await attach(repository, digest, { artifactType: BUNDLE, blobs: inside })
    const signed = [{ mediaType: BUNDLE, content: Buffer.from(JSON.stringify({ messageSignature: {} })) }]
    await attach(repository, digest, { artifactType: BUNDLE, blobs: signed })
    await stripFallbackIndex(repository, digest)
    const { items } = await listReferrers(repository, digest)
    expect(items.map(({ kind }) => kind).toSorted()).toEqual(['attestation', 'attestation', 'signature'])
    for (const item of items) if (item.source === 'api') expect(item.descriptor.artifactType).toBe(BUNDLE)
  })

  it('take their artifact type from the config, never from a layer', async () => {
    const repository = home().fresh()
    const image = await putImage(repository)
    const fields = { subject: pointerTo(image), artifactType: undefined }
    await putArtifact(repository, [{ mediaType: 'application/vnd.acme.report', content: '{}' }], { fields })
    const { items } = await listReferrers(repository, image.digest)
    expect(items.map((item) => item.source === 'api' && item.descriptor.artifactType)).toEqual([MEDIA_TYPE.ociEmpty])
  })

  it('count by statement, and a signature stored in two places once', async () => {
    const repository = home().fresh()
    const platform = { os: 'linux', architecture: 'amd64' }
    const image = await putImage(repository, { platform })
    const slsa = 'https://slsa.dev/provenance/v1'
    const spdx = 'https://spdx.dev/Document'
    const attestation = await putArtifact(repository, [inToto(slsa), inToto(spdx), inToto('https://openvex.dev/ns')])
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': image.digest,
    }
    const unknown = { os: 'unknown', architecture: 'unknown' }
    const entries = [pointerTo(image, { platform }), pointerTo(attestation, { platform: unknown, annotations })]
    const index = await putIndex(repository, entries)
    const at = (suffix: string) => `${index.digest.replace(':', '-')}.${suffix}`
    await putArtifact(repository, [dsse(spdx, 1), dsse(spdx, 2), dsse('https://cosign.sigstore.dev/attestation/v1')], {
      tags: [at('att')],
    })
    const signature = (sig: string) => ({
      mediaType: SIMPLE,
      content: '{}',
      annotations: { 'dev.cosignproject.cosign/signature': sig },
    })
    await putArtifact(repository, [signature('a'), signature('b')], { tags: [at('sig')] })
    await putArtifact(repository, [signature('a')], { fields: { subject: pointerTo(index) } })
    const { items } = await listReferrers(repository, index.digest)
    expect(countStatements(items)).toEqual({ signature: 2, attestation: 3, sbom: 3, artifact: 0 })
    expect(items.flatMap(({ statements }) => statements)).toHaveLength(9)
  })

  it('count once if nothing in them says what they are', async () => {
    const repository = home().fresh()
    const image = await putImage(repository)
    const fields = { subject: pointerTo(image), artifactType: 'application/vnd.acme.scan' }
    await putArtifact(
      repository,
      ['1', '2'].map((content) => ({ mediaType: 'text/plain', content })),
      { fields },
    )
    const { items } = await listReferrers(repository, image.digest)
    expect(countStatements(items)).toEqual({ signature: 0, attestation: 0, sbom: 0, artifact: 1 })
  })
})
