import { isSbomType, knownType } from '../../oci/known-types.ts'

export type ReferrerKind = 'signature' | 'attestation' | 'sbom' | 'artifact'

/**
 * What a referrer is, from all types it names. A Sigstore bundle with a predicate is an attestation, one without a
 * signature; an attestation whose only predicates are bills of materials is one of those. cosign 3 signs an image with
 * a statement whose predicate is just the signature.
 */
export function kindOfReferrer(
  source: string,
  types: readonly string[],
  predicateTypes: readonly string[],
): ReferrerKind {
  const statements = predicateTypes.filter((type) => !isSignatureType(type))
  if (statements.length > 0) return statements.every(isSbomType) ? 'sbom' : 'attestation'
  if (predicateTypes.length > 0 || types.some(isSignatureType)) return 'signature'
  if (types.some(isSbomType)) return 'sbom'
  if (source === 'attestation-child' || types.some((type) => knownType(type).kind === 'attestation'))
    return 'attestation'
  return 'artifact'
}

function isSignatureType(type: string): boolean {
  const { kind } = knownType(type)
  return kind === 'cosign-signature' || kind === 'sigstore-bundle' || kind === 'notation-signature'
}
