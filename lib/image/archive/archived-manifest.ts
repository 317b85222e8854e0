import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import { FormatError } from '../../oci/format-error.ts'
import { MAX_DOCUMENT_BYTES, parseJson } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isManifestType } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { blobPath } from './archive-documents.ts'
import type { ArchiveIntake } from './archive-intake.ts'

/** What an archive has under a descriptor. */
export type Archived =
  | { readonly state: 'manifest'; readonly manifest: Manifest }
  /** A file that is no manifest and does not claim to be one, as image-spec allows in an index. */
  | { readonly state: 'other' }
  | { readonly state: 'absent' }

/**
 * The manifest that an index of an archive lists, of the type that it says. Kinds that Lading does not know, and schema
 * 1, were taken for content when the archive was read: they are read back from where it was put.
 * @throws FormatError for a file that is listed as a manifest and cannot be read as one
 */
export async function archivedManifest(
  intake: ArchiveIntake,
  staging: Repository,
  { digest, mediaType }: Descriptor,
  options: CallOptions,
): Promise<Archived> {
  const known = intake.manifests.get(digest)
  if (known) return { state: 'manifest', manifest: asDescribed(known, mediaType) }
  const file = intake.file(blobPath(digest))
  if (!file) return { state: 'absent' }
  if (file.size > MAX_DOCUMENT_BYTES) return { state: 'other' }
  const bytes = await staging.blobBytes(digest, options)
  try {
    const manifest = parseManifest(bytes, { contentType: mediaType, digest })
    return manifest.mediaType && isRecord(parseJson(bytes)) ? { state: 'manifest', manifest } : { state: 'other' }
  } catch (error) {
    if (error instanceof FormatError && !isManifestType(mediaType)) return { state: 'other' }
    throw error
  }
}

/** A document need not say its type itself. */
function asDescribed(manifest: Manifest, mediaType: string): Manifest {
  if (manifest.mediaType === mediaType || !isManifestType(mediaType)) return manifest
  try {
    return parseManifest(manifest.bytes, { contentType: mediaType, digest: manifest.digest })
  } catch (error) {
    if (error instanceof FormatError) return manifest
    throw error
  }
}
