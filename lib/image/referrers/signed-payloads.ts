import type { Descriptor } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { isSimpleSigning, namesSubjects, signedSubjects } from '../../oci/signed-subjects.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'

/** The subjects that signatures and attestations name. This isn't a verdict on the signatures, which aren't checked. */
export type PayloadClaim = 'about-subject' | 'about-another' | 'unreadable'

const MAX_PAYLOADS = 8
/** A simple-signing document contains little more than a digest. */
const MAX_SIGNATURE = 64 * 1024
/** A statement may contain a whole SBOM; larger ones aren't worth the wait. */
const MAX_STATEMENT = 1024 * 1024

/**
 * Reads which manifests the signed documents among `parts` name; the worst claim counts. A document that names another
 * manifest is worthless here, no matter who signed it. Undefined where there is no such document, or only
 * statements over 1 MiB.
 * @throws RegistryError when the registry cannot be asked
 */
export async function claimOfPayloads(
  repository: Repository,
  subject: Digest,
  parts: readonly Descriptor[],
  options: CallOptions = {},
): Promise<PayloadClaim | undefined> {
  const payloads = parts.filter(isWorthReading).slice(0, MAX_PAYLOADS)
  let claim: PayloadClaim | undefined
  try {
    for (const { digest, mediaType } of payloads) {
      const limit = isSimpleSigning(mediaType) ? MAX_SIGNATURE : MAX_STATEMENT
      const named = signedSubjects(mediaType, await repository.blobBytes(digest, { ...options, limit }))
      if (named && !named.includes(subject)) return 'about-another'
      if (named) claim = 'about-subject'
    }
    return claim
  } catch (error) {
    if (error instanceof FormatError) return 'unreadable'
    if (isRegistryError(error, 'not-found', 'too-large', 'digest-mismatch', 'size-mismatch')) return 'unreadable'
    throw error
  }
}

function isWorthReading({ mediaType, size }: Descriptor): boolean {
  return isSimpleSigning(mediaType) || (namesSubjects(mediaType) && size <= MAX_STATEMENT)
}
