import { isRecord } from '../../oci/descriptor.ts'
import { openEnvelope } from '../../oci/envelope.ts'
import { FormatError } from '../../oci/format-error.ts'
import { parseJson } from '../../oci/json.ts'
import { knownType } from '../../oci/known-types.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isRegistryError } from '../../registry/errors.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { payloadOf } from './referrer.ts'
import { predicateTypesOf } from './statements.ts'

/** A bundle may contain a whole SBOM; it isn't fetched only to name it. */
const LIMIT = 1024 * 1024

/**
 * The predicate type inside a Sigstore bundle whose manifest doesn't name one: without it an attestation looks like a
 * signature. Undefined for anything else, and for a bundle that signs bytes or can't be read.
 */
export async function bundlePredicate(
  repository: Repository,
  manifest: Manifest | undefined,
  options: CallOptions,
): Promise<string | undefined> {
  if (!manifest || manifest.annotations.has('dev.sigstore.bundle.predicateType')) return undefined
  const [blob] = payloadOf(manifest)
  if (!blob || knownType(blob.mediaType).kind !== 'sigstore-bundle' || blob.size > LIMIT) return undefined
  if (predicateTypesOf(blob).length > 0) return undefined
  try {
    const statement = openEnvelope(parseJson(await repository.blobBytes(blob.digest, { ...options, limit: LIMIT })))
    return isRecord(statement) && typeof statement.predicateType === 'string' ? statement.predicateType : undefined
  } catch (error) {
    options.signal?.throwIfAborted()
    if (error instanceof FormatError || isRegistryError(error)) return undefined
    throw error
  }
}
