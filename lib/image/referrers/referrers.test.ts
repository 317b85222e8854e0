import { describe, expect, it } from 'vitest'
import { digestOf } from '../../oci/digester.ts'
import { describeHomes } from '../testing/homes.ts'
import { pointerTo, putArtifact, putImage, putIndex } from '../testing/images.ts'
import { attach } from './attach.ts'
import { nameOfReferrer } from './referrer.ts'
import { listReferrers } from './referrers.ts'
import { isReferrersTag, parseReferrersTag, subjectOf } from './referrers-tag.ts'
import { readSbom } from './sbom.ts'

const SPDX = { spdxVersion: 'SPDX-2.3', name: 'app', packages: [{ name: 'musl' }, { name: 'zlib' }] }
const CYCLONEDX = { bomFormat: 'CycloneDX', specVersion: '1.5', components: [{ name: 'musl' }] }
const SYFT = {
  artifacts: [{ id: '1', name: 'musl', version: '1.2.5', type: 'apk', purl: 'pkg:apk/alpine/musl@1.2.5' }],
  source: { id: '2', name: 'alpine', version: '3.20', type: 'image', metadata: { userInput: 'alpine:3.20' } },
  descriptor: { name: 'syft', version: '1.52.0' },
  schema: {
    version: '16.0.0',
    url: 'https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-16.0.0.json',
  },
}
const SPDX3 = {
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [{ type: 'software_Package', spdxId: 'urn:musl', name: 'musl' }],
}
const UNKNOWN = { os: 'unknown', architecture: 'unknown' }

describe('the tags that attach something to a digest', () => {
  const digest = digestOf('x')
  it('are distinguished from ordinary tags', () => {
    const tag = digest.replace(':', '-')
    for (const suffix of ['', '.sig', '.att', '.sbom']) expect(isReferrersTag(tag + suffix)).toBe(true)
    for (const other of ['1.0', 'sha256-abc', `${tag}.zip`, `x${tag}`, tag.slice(0, -1)])
      expect(isReferrersTag(other)).toBe(false)
  })

  it('yield their subject, except where the digest was too long for a tag', () => {
    const parsed = parseReferrersTag(`${digest.replace(':', '-')}.sig`)
    expect(parsed && subjectOf(parsed)).toBe(digest)
    const long = parseReferrersTag(`sha512-${'a'.repeat(64)}`)
    expect(long).toEqual({ algorithm: 'sha512', hex: 'a'.repeat(64) })
    expect(long && subjectOf(long)).toBeUndefined()
  })
})

describeHomes('what is said about an image', (home) => {
  it('is gathered from subjects, cosign tags and attestations, each once', async () => {
    const repository = home().fresh()
    const platform = { os: 'linux', architecture: 'amd64' }
    const image = await putImage(repository, { platform })
    const predicates = [
      {
        mediaType: 'application/vnd.in-toto+json',
        content: '{"a":1}',
        annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
      },
      {
        mediaType: 'application/vnd.in-toto+json',
        content: '{"a":2}',
        annotations: { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' },
      },
    ]
    const attestation = await putArtifact(repository, predicates)
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': image.digest,
    }
    const children = [pointerTo(image, { platform }), pointerTo(attestation, { platform: UNKNOWN, annotations })]
    const index = await putIndex(repository, children, { tags: ['multi'] })
    const signature = { mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json', content: '{}' }
    const cosign = await putArtifact(repository, [signature], { tags: [`${index.digest.replace(':', '-')}.sig`] })
    const fields = { subject: pointerTo(index), artifactType: 'application/vnd.cncf.notary.signature' }
    const notation = await putArtifact(repository, [{ mediaType: 'application/jose+json', content: '{}' }], { fields })

    const { items, end } = await listReferrers(repository, index.digest)
    expect(end).toEqual({ complete: true })
    const bySource = Map.groupBy(items, (item) => item.source)
    expect(bySource.get('api')).toMatchObject([
      { descriptor: { digest: notation.digest }, kind: 'signature', sbom: false },
    ])
    expect(bySource.get('cosign-tag')).toMatchObject([{ descriptor: { digest: cosign.digest }, kind: 'signature' }])
    expect(bySource.get('attestation-child')).toMatchObject([
      {
        descriptor: { digest: attestation.digest },
        kind: 'attestation',
        predicateTypes: ['https://slsa.dev/provenance/v1', 'https://spdx.dev/Document'],
        sbom: true,
        about: image.digest,
      },
    ])

    if (index.kind !== 'index') throw new Error(index.kind)
    const ofChild = await listReferrers(repository, image.digest, { parent: index })
    expect(ofChild.items.map(nameOfReferrer)).toEqual([attestation.digest])
  })

  it('has the kind that cosign 3’s bundles state', async () => {
    const repository = home().fresh()
    const { digest } = await putImage(repository)
    const artifactType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
    const kinds = async (predicateType: string) => {
      const annotations = {
        'dev.sigstore.bundle.content': 'dsse-envelope',
        'dev.sigstore.bundle.predicateType': predicateType,
      }
      const blobs = [{ mediaType: artifactType, content: Buffer.from(predicateType) }]
      const { digest: bundle } = await attach(repository, digest, { artifactType, blobs, annotations })
      const { items } = await listReferrers(repository, digest)
      const found = items.find((item) => nameOfReferrer(item) === bundle)
      return [found?.kind, found && 'sbom' in found && found.sbom]
    }
    expect(await kinds('https://sigstore.dev/cosign/sign/v1')).toEqual(['signature', false])
    expect(await kinds('https://slsa.dev/provenance/v1')).toEqual(['attestation', false])
    expect(await kinds('https://cyclonedx.org/bom')).toEqual(['sbom', true])
  })

  it('is listed once where BuildKit’s attestation is a child of the index and names the image as its subject', async () => {
    const repository = home().fresh()
    const platform = { os: 'linux', architecture: 'amd64' }
    const image = await putImage(repository, { platform })
    const artifactType = 'application/vnd.docker.attestation.manifest.v1+json'
    const statement = {
      mediaType: 'application/vnd.in-toto+json',
      content: '{}',
      annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
    }
    const attestation = await putArtifact(repository, [statement], {
      fields: { artifactType, subject: pointerTo(image) },
    })
    const annotations = {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': image.digest,
    }
    const index = await putIndex(repository, [
      pointerTo(image, { platform }),
      pointerTo(attestation, { platform: UNKNOWN, annotations }),
    ])
    if (index.kind !== 'index') throw new Error(index.kind)
    const predicateTypes = ['https://slsa.dev/provenance/v1']
    expect((await listReferrers(repository, index.digest)).items).toMatchObject([
      { source: 'attestation-child', kind: 'attestation', predicateTypes, about: image.digest },
    ])
    expect((await listReferrers(repository, image.digest, { parent: index })).items).toMatchObject([
      { source: 'api', kind: 'attestation', predicateTypes, descriptor: { digest: attestation.digest } },
    ])
  })

  it('is empty for an image without any', async () => {
    const repository = home().fresh()
    const image = await putImage(repository)
    expect(await listReferrers(repository, image.digest)).toEqual({ items: [], end: { complete: true } })
  })
})

describeHomes('bills of materials', (home) => {
  it('are extracted from statements, envelopes and bundles, and read bare', async () => {
    const repository = home().fresh()
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://spdx.dev/Document',
      predicate: SPDX,
    }
    const envelope = {
      payloadType: 'application/vnd.in-toto+json',
      payload: btoa(JSON.stringify(statement)),
      signatures: [],
    }
    const cosign = { ...statement, predicate: { Data: JSON.stringify(CYCLONEDX) } }
    const artifact = await putArtifact(repository, [
      { mediaType: 'application/spdx+json', content: JSON.stringify(SPDX) },
      { mediaType: 'application/vnd.in-toto+json', content: JSON.stringify(statement) },
      { mediaType: 'application/vnd.dsse.envelope.v1+json', content: JSON.stringify(envelope) },
      {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        content: JSON.stringify({ dsseEnvelope: envelope }),
      },
      { mediaType: 'application/vnd.in-toto+json', content: JSON.stringify(cosign) },
      { mediaType: 'text/spdx', content: 'SPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n' },
      {
        mediaType: 'application/vnd.cyclonedx+xml',
        content: '<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"></bom>',
      },
      {
        mediaType: 'application/vnd.in-toto+json',
        content: '{"predicateType":"https://slsa.dev/provenance/v1","predicate":{}}',
      },
      { mediaType: 'application/spdx+json', content: JSON.stringify(SPDX3) },
      { mediaType: 'application/vnd.in-toto+json', content: JSON.stringify({ ...statement, predicate: SPDX3 }) },
      // cosign attest --type spdx
      {
        mediaType: 'application/vnd.in-toto+json',
        content: JSON.stringify({ ...statement, predicate: 'SPDXVersion: SPDX-2.3\nPackageName: musl\n' }),
      },
      { mediaType: 'application/vnd.syft+json', content: JSON.stringify(SYFT) },
      // syft attest -o syft-json
      {
        mediaType: 'application/vnd.in-toto+json',
        content: JSON.stringify({ predicateType: 'https://syft.dev/bom', predicate: SYFT }),
      },
    ])
    const documents = await readSbom(repository, artifact)
    expect(
      documents.map(({ format, version, encoding, contents }) => [
        format,
        version,
        encoding,
        contents?.packages.length,
      ]),
    ).toEqual([
      ['spdx', 'SPDX-2.3', 'json', 2],
      ['spdx', 'SPDX-2.3', 'json', 2],
      ['spdx', 'SPDX-2.3', 'json', 2],
      ['spdx', 'SPDX-2.3', 'json', 2],
      ['cyclonedx', '1.5', 'json', 1],
      ['spdx', 'SPDX-2.2', 'text', undefined],
      ['cyclonedx', '1.4', 'xml', undefined],
      ['spdx', '3.0.1', 'json', 1],
      ['spdx', '3.0.1', 'json', 1],
      ['spdx', 'SPDX-2.3', 'text', 1],
      ['syft', '16.0.0', 'json', 1],
      ['syft', '16.0.0', 'json', 1],
    ])
    expect(documents.at(-1)?.predicateType).toBe('https://syft.dev/bom')
    expect(documents[0]?.text).toBe(JSON.stringify(SPDX))
    expect(JSON.parse(documents[2]?.text ?? '')).toEqual(SPDX)
    expect(documents[1]?.predicateType).toBe('https://spdx.dev/Document')
  })

  it('aren’t looked for in the layers of an image, nor in other payloads', async () => {
    const repository = home().fresh()
    const image = await putImage(repository, { layers: [Buffer.from(JSON.stringify(SPDX))] })
    expect(await readSbom(repository, pointerTo(image))).toEqual([])
    const other = { payloadType: 'text/plain', payload: btoa('not json'), signatures: [] }
    const content = JSON.stringify(other)
    const artifact = await putArtifact(repository, [{ mediaType: 'application/vnd.dsse.envelope.v1+json', content }])
    expect(await readSbom(repository, artifact)).toEqual([])
  })

  it('report what is wrong with a broken document', async () => {
    const repository = home().fresh()
    const artifact = await putArtifact(repository, [{ mediaType: 'application/spdx+json', content: '{"spdxVersion":' }])
    await expect(readSbom(repository, artifact)).rejects.toMatchObject({ code: 'json' })
  })
})
