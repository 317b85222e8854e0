import type { Descriptor } from '../oci/descriptor.ts'
import type { Digest } from '../oci/digest.ts'
import { FormatError } from '../oci/format-error.ts'
import { parseSimpleSigning } from '../oci/simple-signing.ts'
import { isRegistryError } from '../registry/errors.ts'
import type { CallOptions, Repository } from '../registry/registry.ts'

/** What signatures say they are about. It is no verdict on the signatures: those are not checked. */
export type PayloadClaim = 'about-subject' | 'about-another' | 'unreadable'

const SIMPLE_SIGNING = 'application/vnd.dev.cosign.simplesigning.v1+json'
const MAX_PAYLOADS = 8
const MAX_BYTES = 64 * 1024

/**
 * Reads which manifest the simple-signing documents among `parts` name; the worst claim counts. A signature that names
 * another manifest is worth nothing here, whoever made it. Undefined where there is no such document.
 * @throws RegistryError when the registry cannot be asked
 */
export async function claimOfPayloads(
  repository: Repository,
  subject: Digest,
  parts: readonly Descriptor[],
  options: CallOptions = {},
): Promise<PayloadClaim | undefined> {
  const payloads = parts.filter(isSimpleSigning).slice(0, MAX_PAYLOADS)
  if (payloads.length === 0) return undefined
  try {
    for (const { digest } of payloads) {
      const signed = parseSimpleSigning(await repository.blobBytes(digest, { ...options, limit: MAX_BYTES }))
      if (signed.digest !== subject) return 'about-another'
    }
    return 'about-subject'
  } catch (error) {
    if (error instanceof FormatError) return 'unreadable'
    if (isRegistryError(error, 'not-found', 'too-large', 'digest-mismatch', 'size-mismatch')) return 'unreadable'
    throw error
  }
}

export function isSimpleSigning({ mediaType }: Descriptor): boolean {
  return mediaType === SIMPLE_SIGNING
}
