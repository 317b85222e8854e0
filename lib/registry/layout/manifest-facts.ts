import type { Descriptor } from '../../oci/descriptor.ts'
import { type Digest, isDigest } from '../../oci/digest.ts'
import { childrenOf, isManifestEntry } from '../../oci/index-entries.ts'
import { isForeignLayer } from '../../oci/is-foreign-layer.ts'
import type { Manifest } from '../../oci/manifest.ts'
import { successors } from '../../oci/successors.ts'

/** Cached facts about a manifest. Immutable, like its digest. */
export interface ManifestFacts {
  /** As a referrer is listed: with its artifact type and annotations. */
  readonly descriptor: Descriptor
  readonly children: readonly Descriptor[]
  /** Every blob that it names. Undefined for a kind that Lading does not know: it may need anything. */
  readonly blobs: readonly Digest[] | undefined
  /** The blobs required to accept it. */
  readonly required: readonly Digest[]
  readonly subject?: Digest
}

export function factsOf(manifest: Manifest): ManifestFacts {
  const { mediaType, digest, size, annotations, subject } = manifest
  // distribution-spec, "Listing Referrers": the config's type stands in, also when it is that of an image.
  const artifactType = manifest.artifactType ?? ('config' in manifest ? manifest.config.mediaType : undefined)
  return {
    descriptor: {
      mediaType,
      digest,
      size,
      ...(artifactType && { artifactType }),
      ...(annotations.size > 0 && { annotations }),
    },
    // A file has a digest that can be verified.
    children: manifest.kind === 'index' ? childrenOf(manifest).filter(({ digest }) => isDigest(digest)) : [],
    blobs: manifest.kind === 'unknown' ? undefined : blobsOf(manifest).map(({ digest }) => digest),
    required: requiredBlobs(manifest),
    ...(subject && { subject: subject.digest }),
  }
}

/** What must exist before a manifest is accepted: not foreign layers, nor the children of a sparse index. */
export function requiredBlobs(manifest: Manifest): Digest[] {
  const held = blobsOf(manifest).filter((descriptor) => !isForeignLayer(descriptor))
  return [...new Set(held.map((descriptor) => descriptor.digest))]
}

function blobsOf(manifest: Manifest): Descriptor[] {
  const all = successors(manifest)
  return manifest.kind === 'index' ? all.filter((entry) => !isManifestEntry(entry)) : all
}
