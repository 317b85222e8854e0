import type { Descriptor } from './descriptor.ts'
import type { ArtifactManifest, IndexManifest } from './manifest.ts'
import { isIndexType, isManifestType } from './media-type.ts'

/**
 * Whether an entry of an index is a manifest. An index may list anything (image-index.md, "manifests"): the cache that
 * BuildKit exports lists layers and a config (moby/buildkit#2251). Such entries are blobs wherever they are followed.
 */
export function isManifestEntry({ mediaType }: Pick<Descriptor, 'mediaType'>): boolean {
  return mediaType === '' || isManifestType(mediaType)
}

/** Whether an entry has to be read to know what it lists: some tools leave its type out. */
export function mayBeIndex({ mediaType }: Pick<Descriptor, 'mediaType'>): boolean {
  return mediaType === '' || isIndexType(mediaType)
}

/** The entries of an index that are manifests. */
export function childrenOf(index: IndexManifest): readonly Descriptor[] {
  return index.manifests.filter(isManifestEntry)
}

/** The blobs that an index lists, or an artifact. */
export function blobsOf(manifest: IndexManifest | ArtifactManifest): readonly Descriptor[] {
  return manifest.kind === 'index' ? manifest.manifests.filter((entry) => !isManifestEntry(entry)) : manifest.blobs
}
