import { type Descriptor, isRecord } from '../../oci/descriptor.ts'
import type { Digest } from '../../oci/digest.ts'
import { FormatError } from '../../oci/format-error.ts'
import { MAX_DOCUMENT_BYTES, parseJson } from '../../oci/json.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { isManifestType } from '../../oci/media-type.ts'
import { parseManifest } from '../../oci/parse-manifest.ts'
import type { CallOptions, Repository } from '../../registry/registry.ts'
import { blobPath } from './archive-documents.ts'
import type { ArchiveIntake } from './archive-intake.ts'

/** The content of an archive for a descriptor. */
export type Archived =
  | { readonly state: 'manifest'; readonly manifest: Manifest }
  /** A file that isn't a manifest and doesn't claim to be one, as image-spec allows in an index. */
  | { readonly state: 'other' }
  | { readonly state: 'absent' }

/**
 * The manifests that the indexes of an archive list, with the type stated first. Kinds that Lading does not know, and
 * schema 1, were treated as content when the archive was read: they are read back from where it was stored. Each is
 * read once, however often it is listed.
 */
export class ArchivedManifests {
  #intake: ArchiveIntake
  #staging: Repository
  #options: CallOptions
  #known = new Map<Digest, Archived>()

  constructor(intake: ArchiveIntake, staging: Repository, options: CallOptions) {
    this.#intake = intake
    this.#staging = staging
    this.#options = options
  }

  /** @throws FormatError for a file that is listed as a manifest and cannot be read as one */
  async find(descriptor: Descriptor): Promise<Archived> {
    const known = this.#known.get(descriptor.digest)
    if (known) return known
    const found = await this.#read(descriptor)
    this.#known.set(descriptor.digest, found)
    return found
  }

  async #read({ digest, mediaType }: Descriptor): Promise<Archived> {
    const manifest = this.#intake.manifests.get(digest)
    if (manifest) return { state: 'manifest', manifest: asDescribed(manifest, mediaType) }
    const file = this.#intake.file(blobPath(digest))
    if (!file) return { state: 'absent' }
    if (file.size > MAX_DOCUMENT_BYTES) return { state: 'other' }
    const bytes = await this.#staging.blobBytes(digest, this.#options)
    try {
      const manifest = parseManifest(bytes, { contentType: mediaType, digest })
      if (!manifest.mediaType || !isRecord(parseJson(bytes))) return { state: 'other' }
      this.#intake.keep(bytes)
      return { state: 'manifest', manifest }
    } catch (error) {
      if (error instanceof FormatError && !isManifestType(mediaType)) return { state: 'other' }
      throw error
    }
  }
}

/** A document needn't state its type itself. */
function asDescribed(manifest: Manifest, mediaType: string): Manifest {
  if (manifest.mediaType === mediaType || !isManifestType(mediaType)) return manifest
  try {
    return parseManifest(manifest.bytes, { contentType: mediaType, digest: manifest.digest })
  } catch (error) {
    if (error instanceof FormatError) return manifest
    throw error
  }
}
