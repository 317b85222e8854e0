/** Predicate types (slsa.dev, in-toto.io, spdx.dev, cyclonedx.org, cosign) and media types; tried in order. */
const NAMES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^https:\/\/slsa\.dev\/provenance\/(v[\d.]+)$/, 'SLSA provenance $1'],
  [/^https:\/\/slsa\.dev\/verification_summary\/(v[\d.]+)$/, 'SLSA verification summary $1'],
  [/^https:\/\/spdx\.dev\/Document\b/, 'SPDX SBOM'],
  [/^https:\/\/cyclonedx\.org\/(?:bom|schema)\b/, 'CycloneDX SBOM'],
  [/^https:\/\/openvex\.dev\/ns\b/, 'OpenVEX statement'],
  [/^https:\/\/in-toto\.io\/attestation\/vulns?\b/, 'Vulnerability report'],
  [/^(?:https:\/\/cosign\.sigstore\.dev|cosign\.sigstore\.dev)\/attestation\/vuln\b/, 'Vulnerability report'],
  [/^https:\/\/in-toto\.io\/attestation\/test-result\b/, 'Test result'],
  [/^https:\/\/in-toto\.io\/attestation\/release\b/, 'Release'],
  [/^https:\/\/in-toto\.io\/attestation\/link\b/, 'in-toto link'],
  [/^https:\/\/sigstore\.dev\/cosign\/sign\//, 'Cosign signature'],
  [/^application\/vnd\.dev\.cosign\.(?:simplesigning|artifact\.sig)\b/, 'Cosign signature'],
  [/^application\/vnd\.dev\.sigstore\.bundle\b/, 'Sigstore bundle'],
  [/^application\/vnd\.cncf\.notary\.signature$/, 'Notation signature'],
  [/^(?:application|text)\/spdx\b/, 'SPDX SBOM'],
  [/^application\/vnd\.cyclonedx\b/, 'CycloneDX SBOM'],
  [/^application\/vnd\.syft\b/, 'Syft SBOM'],
  [/^application\/vnd\.docker\.attestation\.manifest\b/, 'BuildKit attestation'],
  [/^application\/vnd\.in-toto\b/, 'in-toto statement'],
  [/^application\/vnd\.dsse\.envelope\b/, 'Signed statement'],
  [/^application\/sarif\b/, 'SARIF report'],
]

/** What people call what a referrer says it is: `SLSA provenance v1`. Undefined for a type without such a name. */
export function nameOfReferrerType(type: string): string | undefined {
  for (const [pattern, name] of NAMES) {
    const match = pattern.exec(type)
    if (match) return name.replace('$1', match[1] ?? '')
  }
  return undefined
}
