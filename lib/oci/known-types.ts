/** How an image was built, by whom and from what. */
export function isProvenanceType(type: string): boolean {
  return /^https:\/\/(?:slsa\.dev\/provenance|in-toto\.io\/Provenance)\b/.test(type)
}

/** What an artifact is for. */
export type ArtifactKind =
  | 'image'
  | 'index'
  | 'helm'
  | 'wasm'
  | 'cosign-signature'
  | 'sigstore-bundle'
  | 'notation-signature'
  | 'attestation'
  | 'sbom'
  | 'soci'
  | 'build-cache'
  | 'flux'
  | 'policy'
  | 'files'
  | 'schema1'
  | 'artifact'
  | 'unknown'

/** What is known of a media type, artifact type or predicate type. */
export interface KnownType {
  readonly kind?: ArtifactKind
  /** What people call it: `SLSA provenance v1`. */
  readonly name?: string
  /** Where it is specified. */
  readonly document?: string
}

const OCI = 'https://github.com/opencontainers/image-spec/blob/v1.1.1'
const DISTRIBUTION = 'https://distribution.github.io/distribution/spec'
const SPDX = 'https://spdx.dev/use/specifications/'
const CYCLONEDX = 'https://cyclonedx.org/specification/overview/'
const COSIGN = 'https://docs.sigstore.dev/cosign/system_config/specifications/'
const IN_TOTO = 'https://github.com/in-toto/attestation'

/**
 * The one table of types: kind, name and link. Anchored, and tried in order; the last row catches SBOMs whose exact
 * type isn't registered.
 */
const TYPES: readonly (readonly [pattern: RegExp, known: KnownType])[] = [
  // Predicates: slsa.dev, in-toto.io, spdx.dev, cyclonedx.org, openvex.dev, cosign.
  [/^https:\/\/slsa\.dev\/provenance\/(v[\d.]+)$/, { kind: 'attestation', name: 'SLSA provenance $1' }],
  [/^https:\/\/slsa\.dev\/verification_summary\/(v[\d.]+)$/, attestation('SLSA verification summary $1')],
  [/^https:\/\/spdx\.dev\/Document\b/, { kind: 'sbom', name: 'SPDX SBOM', document: SPDX }],
  [/^https:\/\/cyclonedx\.org\/(?:bom|schema)\b/, { kind: 'sbom', name: 'CycloneDX SBOM', document: CYCLONEDX }],
  [/^https:\/\/syft\.dev\/bom\b/, { kind: 'sbom', name: 'Syft SBOM' }],
  [/^https:\/\/openvex\.dev\/ns\b/, attestation('OpenVEX statement')],
  [/^https:\/\/in-toto\.io\/attestation\/vulns?\b/, attestation('Vulnerability report')],
  [/^(?:https:\/\/)?cosign\.sigstore\.dev\/attestation\/vuln\b/, attestation('Vulnerability report')],
  // cosign attest --type custom
  [/^(?:https:\/\/)?cosign\.sigstore\.dev\/attestation\/v1$/, attestation('Custom statement')],
  [/^https:\/\/in-toto\.io\/attestation\/test-result\b/, attestation('Test result')],
  [/^https:\/\/in-toto\.io\/attestation\/release\b/, attestation('Release')],
  [/^https:\/\/in-toto\.io\/attestation\/link\b/, attestation('in-toto link')],
  [
    /^https:\/\/sigstore\.dev\/cosign\/sign\//,
    { kind: 'cosign-signature', name: 'Cosign signature', document: COSIGN },
  ],
  // Artifacts.
  [/^application\/vnd\.cncf\.helm\./, { kind: 'helm', document: 'https://helm.sh/docs/topics/registries/' }],
  [/^application\/(?:vnd\.)?(?:wasm|module\.wasm)\b/, { kind: 'wasm' }],
  [
    /^application\/vnd\.dev\.cosign\.(?:simplesigning|artifact\.sig)\b/,
    { kind: 'cosign-signature', name: 'Cosign signature', document: COSIGN },
  ],
  [
    /^application\/vnd\.dev\.sigstore\.bundle\b/,
    { kind: 'sigstore-bundle', name: 'Sigstore bundle', document: 'https://docs.sigstore.dev/about/bundle/' },
  ],
  [/^application\/vnd\.cncf\.notary\.signature$/, { kind: 'notation-signature', name: 'Notation signature' }],
  [/^application\/vnd\.cncf\.notary\./, { kind: 'notation-signature' }],
  [/^application\/vnd\.amazon\.soci\./, { kind: 'soci' }],
  [/^application\/vnd\.cncf\.flux\./, { kind: 'flux', document: 'https://fluxcd.io/flux/cheatsheets/oci-artifacts/' }],
  // Conftest and OPA bundles, Gatekeeper, Kyverno, Kubewarden.
  [/^application\/vnd\.cncf\.openpolicyagent\./, { kind: 'policy', document: 'https://www.conftest.dev/sharing/' }],
  [/^application\/vnd\.(?:cncf\.)?(?:gatekeeper|kyverno|kubewarden)\./, { kind: 'policy' }],
  // What `oras push` writes by default.
  [/^application\/vnd\.unknown\.(?:artifact|config)\./, { kind: 'files', document: 'https://oras.land/docs/' }],
  [
    /^application\/vnd\.buildkit\.cacheconfig\b/,
    { kind: 'build-cache', name: 'BuildKit cache', document: 'https://docs.docker.com/build/cache/backends/registry/' },
  ],
  [/^(?:application|text)\/(?:vnd\.)?spdx\b/, { kind: 'sbom', name: 'SPDX SBOM', document: SPDX }],
  [/^(?:application|text)\/vnd\.cyclonedx\b/, { kind: 'sbom', name: 'CycloneDX SBOM', document: CYCLONEDX }],
  [/^(?:application|text)\/vnd\.syft\b/, { kind: 'sbom', name: 'Syft SBOM' }],
  [/^application\/vnd\.dev\.cosign\.artifact\.sbom\b/, { kind: 'sbom', document: COSIGN }],
  [/^application\/vnd\.dev\.cosign\./, { document: COSIGN }],
  [/^application\/vnd\.docker\.attestation\.manifest\b/, attestation('BuildKit attestation')],
  [/^application\/vnd\.in-toto\b/, { kind: 'attestation', name: 'in-toto statement', document: IN_TOTO }],
  [
    /^application\/vnd\.dsse\.envelope\b/,
    { kind: 'attestation', name: 'Signed statement', document: 'https://github.com/secure-systems-lab/dsse' },
  ],
  [/^application\/sarif\b/, { name: 'SARIF report' }],
  // The documents of OCI and Docker themselves.
  [/^application\/vnd\.oci\.image\.index\./, { document: `${OCI}/image-index.md` }],
  [/^application\/vnd\.oci\.image\.manifest\./, { document: `${OCI}/manifest.md` }],
  [/^application\/vnd\.oci\.image\.config\./, { document: `${OCI}/config.md` }],
  [/^application\/vnd\.oci\.image\.layer\./, { document: `${OCI}/layer.md` }],
  [/^application\/vnd\.oci\.empty\./, { document: `${OCI}/manifest.md#guidance-for-an-empty-descriptor` }],
  [/^application\/vnd\.oci\./, { document: `${OCI}/media-types.md` }],
  [/^application\/vnd\.docker\.distribution\.manifest\.v1/, { document: `${DISTRIBUTION}/deprecated-schema-v1/` }],
  [/^application\/vnd\.docker\./, { document: `${DISTRIBUTION}/manifest-v2-2/` }],
  [/(?:^|[/.+-])(?:spdx|cyclonedx|syft|sbom)\b/i, { kind: 'sbom' }],
]

/** What is known of a type; an empty answer for one that Lading doesn't know. */
export function knownType(type: string): KnownType {
  for (const [pattern, known] of TYPES) {
    const match = pattern.exec(type)
    if (match) return known.name ? { ...known, name: known.name.replace('$1', match[1] ?? '') } : known
  }
  return {}
}

/** True for the media, artifact and predicate types of software bills of materials: `https://spdx.dev/Document`, `text/spdx`. */
export function isSbomType(type: string): boolean {
  return knownType(type).kind === 'sbom'
}

function attestation(name: string): KnownType {
  return { kind: 'attestation', name }
}
