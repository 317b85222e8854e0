import type { Descriptor } from '../../oci/descriptor.ts'
import { isSimpleSigning } from '../../oci/signed-subjects.ts'
import { kindOfReferrer, type ReferrerKind } from './referrer-kind.ts'

/** One statement of a referrer. A manifest may contain several: cosign adds each as a layer, BuildKit too. */
export interface Statement {
  readonly kind: ReferrerKind
  /** The same for the same statement, wherever it is kept. */
  readonly id: string
}

const SIGNATURE = 'dev.cosignproject.cosign/signature'
/** BuildKit's, cosign's and the Sigstore bundle's way to name the predicate outside of the signed document. */
const PREDICATES = ['in-toto.io/predicate-type', 'predicateType', 'dev.sigstore.bundle.predicateType']

/** The statements of a referrer of `kind`: one for each part that names its type, else one for all of it. */
export function statementsOf(kind: ReferrerKind, descriptor: Descriptor, parts: readonly Descriptor[]): Statement[] {
  const own = parts.flatMap((part) => {
    const predicates = predicateTypesOf(part)
    if (predicates.length === 0 && !isSimpleSigning(part.mediaType)) return []
    return [{ kind: kindOfReferrer('part', [part.mediaType], predicates), id: identityOf(part) }]
  })
  if (own.length > 0) return own
  const [only] = parts
  return [{ kind, id: only && parts.length === 1 ? identityOf(only) : descriptor.digest }]
}

/** Counts by kind, each statement once. */
export function countStatements(
  referrers: Iterable<{ readonly statements: readonly Statement[] }>,
): Record<ReferrerKind, number> {
  const counts = { signature: 0, attestation: 0, sbom: 0, artifact: 0 }
  const seen = new Set<string>()
  for (const { statements } of referrers)
    for (const { kind, id } of statements) {
      if (seen.has(id)) continue
      seen.add(id)
      counts[kind] += 1
    }
  return counts
}

export function predicateTypesOf({ annotations }: Descriptor): string[] {
  return PREDICATES.flatMap((key) => annotations?.get(key) ?? [])
}

/** Two signatures of one payload have blobs of the same digest: cosign tells them apart by an annotation. */
export function identityOf({ digest, annotations }: Descriptor): string {
  return `${digest} ${annotations?.get(SIGNATURE) ?? ''}`
}
