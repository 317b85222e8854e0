import { expect, test } from 'vitest'
import { nameOfReferrerType } from './referrer-type.ts'

test.each([
  ['https://slsa.dev/provenance/v0.2', 'SLSA provenance v0.2'],
  ['https://slsa.dev/verification_summary/v1', 'SLSA verification summary v1'],
  ['https://spdx.dev/Document', 'SPDX SBOM'],
  ['https://spdx.dev/Document/v2.3', 'SPDX SBOM'],
  ['https://cyclonedx.org/bom/v1.5', 'CycloneDX SBOM'],
  ['https://sigstore.dev/cosign/sign/v1', 'Cosign signature'],
  ['application/vnd.dev.cosign.simplesigning.v1+json', 'Cosign signature'],
  ['application/vnd.cncf.notary.signature', 'Notation signature'],
  ['text/spdx+json', 'SPDX SBOM'],
  ['application/vnd.in-toto+json', 'in-toto statement'],
])('%s is called %s', (type, name) => {
  expect(nameOfReferrerType(type)).toBe(name)
})

test('types that only look like known ones have no name', () => {
  for (const type of ['https://evil.example/https://spdx.dev/Document', 'https://slsa.dev/provenance/v1 verified', ''])
    expect(nameOfReferrerType(type)).toBeUndefined()
})
