export type ReferrerKind = 'signature' | 'attestation' | 'sbom' | 'artifact'

const SBOM = /(?:^|[/.+-])(?:spdx|cyclonedx|syft|sbom)\b/i
const SIGNATURE =
  /^application\/vnd\.(?:dev\.cosign\.simplesigning|dev\.cosign\.artifact\.sig|dev\.sigstore\.bundle|cncf\.notary)\b/
const ATTESTATION = /^application\/vnd\.(?:in-toto|dsse\.envelope|docker\.attestation\.manifest)\b/
/** cosign 3 signs an image by a statement that says no more than that. */
const SIGNING_PREDICATE = 'https://sigstore.dev/cosign/sign/v1'

/** True for the media, artifact and predicate types of software bills of materials: `https://spdx.dev/Document`, `text/spdx`. */
export function isSbomType(type: string): boolean {
  return SBOM.test(type)
}

/**
 * What a referrer is, from all types it names. A Sigstore bundle with a predicate is an attestation, one without a
 * signature; an attestation whose only predicates are bills of materials is one of those.
 */
export function kindOfReferrer(
  source: string,
  types: readonly string[],
  predicateTypes: readonly string[],
): ReferrerKind {
  const statements = predicateTypes.filter((type) => type !== SIGNING_PREDICATE)
  if (statements.length > 0) return statements.every(isSbomType) ? 'sbom' : 'attestation'
  if (predicateTypes.length > 0 || types.some((type) => SIGNATURE.test(type))) return 'signature'
  if (types.some(isSbomType)) return 'sbom'
  if (source === 'attestation-child' || types.some((type) => ATTESTATION.test(type))) return 'attestation'
  return 'artifact'
}
