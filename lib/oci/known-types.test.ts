import { expect, test } from 'vitest'
import { isSbomType, knownType } from './known-types.ts'

test.each([
  ['https://slsa.dev/provenance/v0.2', 'attestation', 'SLSA provenance v0.2'],
  ['https://slsa.dev/verification_summary/v1', 'attestation', 'SLSA verification summary v1'],
  ['https://spdx.dev/Document', 'sbom', 'SPDX SBOM'],
  ['https://spdx.dev/Document/v2.3', 'sbom', 'SPDX SBOM'],
  ['https://cyclonedx.org/bom/v1.5', 'sbom', 'CycloneDX SBOM'],
  ['https://syft.dev/bom', 'sbom', 'Syft SBOM'],
  ['https://cosign.sigstore.dev/attestation/v1', 'attestation', 'Custom statement'],
  ['https://cosign.sigstore.dev/attestation/vuln/v1', 'attestation', 'Vulnerability report'],
  ['https://sigstore.dev/cosign/sign/v1', 'cosign-signature', 'Cosign signature'],
  ['application/vnd.dev.cosign.simplesigning.v1+json', 'cosign-signature', 'Cosign signature'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', 'sigstore-bundle', 'Sigstore bundle'],
  ['application/vnd.cncf.notary.signature', 'notation-signature', 'Notation signature'],
  ['application/vnd.buildkit.cacheconfig.v0', 'build-cache', 'BuildKit cache'],
  ['text/spdx+json', 'sbom', 'SPDX SBOM'],
  ['application/vnd.in-toto+json', 'attestation', 'in-toto statement'],
])('%s is of kind %s and named %s', (type, kind, name) => {
  expect(knownType(type)).toMatchObject({ kind, name })
})

test('types that only resemble known ones have no name', () => {
  for (const type of ['https://evil.example/https://spdx.dev/Document', 'https://slsa.dev/provenance/v1 verified', ''])
    expect(knownType(type).name).toBeUndefined()
})

test('an SBOM is recognised whatever its vendor calls the type', () => {
  for (const type of ['application/vnd.acme.sbom.v1+json', 'application/vnd.cyclonedx+xml', 'text/vnd.syft'])
    expect(isSbomType(type)).toBe(true)
  expect(isSbomType('application/vnd.acme.assembly')).toBe(false)
})

test('types of OCI, Docker and sigstore link to their specification', () => {
  expect(knownType('application/vnd.oci.image.index.v1+json').document).toContain('image-index.md')
  expect(knownType('application/vnd.docker.distribution.manifest.v1+prettyjws').document).toContain('schema-v1')
  expect(knownType('application/vnd.dev.cosign.artifact.sbom.v1+json').document).toContain('cosign')
  expect(knownType('application/vnd.acme.rocket').document).toBeUndefined()
})
